/** `GET /exchanges` at the edge: whose exchanges, which, and what is refused. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CursorError } from '../../../src/lib/page.ts';
import type { JournalEntry, JournalQuery } from '../../../src/journal/index.ts';
import { StateUnavailableError } from '../../../src/state/errors.ts';
import { client, keyOf, NOW, startEdge } from '../../support/edge.ts';

const ENTRY: JournalEntry = {
  time: NOW,
  memberCode: 'TIB',
  service: 'reports/async-report-status',
  senderReference: 'GW1-A',
  durationMs: 3,
  outcome: 'answered',
  requestDigest: 'ab'.repeat(32),
  answer: 'a.b.c',
  count: 3,
  lastTime: NOW + 5_000,
};

test('gives a caller the exchanges of its members and no others', async (t) => {
  const queries: JournalQuery[] = [];
  const { get } = await startEdge(t, {
    clients: () => [client('desk', ['TIB', 'AKY']), client('other', ['XYZ'])],
    exchanges: {
      async list(query) {
        queries.push(query);
        return { items: [ENTRY], nextCursor: 'more' };
      },
    },
  });
  const response = await get('/exchanges', keyOf('desk'));
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('cache-control'), 'no-store');
  assert.deepEqual(await response.json(), {
    items: [
      {
        time: '2025-05-06T10:15:00.000+03:00',
        member: 'TIB',
        service: 'reports/async-report-status',
        senderReference: 'GW1-A',
        durationMs: 3,
        outcome: 'answered',
        requestDigest: 'ab'.repeat(32),
        answer: 'a.b.c',
        count: 3,
        lastTime: '2025-05-06T10:15:05.000+03:00',
      },
    ],
    nextCursor: 'more',
  });
  const question = '?member=AKY&senderReference=GW1-A&limit=7&cursor=abc';
  assert.equal((await get(`/exchanges${question}`, keyOf('desk'))).status, 200);
  assert.equal((await get('/exchanges', keyOf('other'))).status, 200);
  assert.deepEqual(queries, [
    { members: ['TIB', 'AKY'], limit: 50 },
    { members: ['AKY'], senderReference: 'GW1-A', limit: 7, cursor: 'abc' },
    { members: ['XYZ'], limit: 50 },
  ]);
  assert.equal((await get('/exchanges?member=TIB', keyOf('other'))).status, 403);
  assert.equal((await get('/exchanges')).status, 401);
  assert.equal(queries.length, 3);
});

test('reads a range of time: instants, days, and a plus that was not encoded', async (t) => {
  const queries: JournalQuery[] = [];
  const { get } = await startEdge(t, {
    exchanges: {
      async list(query) {
        queries.push(query);
        return { items: [] };
      },
    },
  });
  const nine = Date.UTC(2025, 4, 6, 9);
  const ends: [text: string, from: number, to: number][] = [
    ['2025-05-06T12:00:00+03:00', nine, nine],
    ['2025-05-06T12:00:00%2B03:00', nine, nine],
    ['2025-05-06T09:00:00.250Z', nine + 250, nine + 250],
    ['20250506', Date.UTC(2025, 4, 5, 21), Date.UTC(2025, 4, 6, 21) - 1],
    ['20240229', Date.UTC(2024, 1, 28, 21), Date.UTC(2024, 1, 29, 21) - 1],
  ];
  for (const [text, from, to] of ends) {
    assert.equal((await get(`/exchanges?from=${text}&to=${text}`)).status, 200, text);
    const query = queries.at(-1);
    assert.deepEqual([query?.from, query?.to], [from, to], text);
  }
  const wrong = [
    '20250230',
    '2025-05-06',
    '2025-02-30T00:00:00Z',
    '2025-05-06T12:00:00',
    'yesterday',
  ];
  for (const text of wrong) {
    const response = await get(`/exchanges?from=${text}&to=${text}`);
    assert.equal(response.status, 400, text);
    const { errors } = (await response.json()) as { errors: { path: string }[] };
    assert.deepEqual(
      errors.map(({ path }) => path),
      ['from', 'to'],
    );
  }
});

test('refuses a strange cursor, a page of nothing and what it does not know', async (t) => {
  let failure: Error = new CursorError();
  const { get } = await startEdge(t, { exchanges: { list: () => Promise.reject(failure) } });
  const response = await get('/exchanges?cursor=abc');
  assert.equal(response.status, 400);
  const { errors } = (await response.json()) as { errors: { path: string }[] };
  assert.equal(errors[0]?.path, 'cursor');
  failure = new StateUnavailableError(new Error('away'));
  assert.equal((await get('/exchanges')).status, 503);
  for (const query of ['limit=0', 'limit=201', 'client=x', 'member=tib', 'senderReference=']) {
    assert.equal((await get(`/exchanges?${query}`)).status, 400, query);
  }
});
