/** Reading, listing, following and withdrawing reports. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { client, keyOf, startEdge } from '../../support/edge.ts';

test('shows a report with what applies to its state alone', async (t) => {
  const { desk, get } = await startEdge(t);
  const base = { member: 'TIB', processDate: '20250505', filters: { isin: 'TRAGARAN91N1' } };
  desk.put({ ...base, id: 'q', position: 2, startsAt: Date.UTC(2025, 4, 6, 22) });
  const at = '2025-05-06T10:15:00.000+03:00';
  const times = { createdAt: at, updatedAt: at, expiresAt: '2025-05-07T10:15:00.000+03:00' };
  const links = {
    self: '/balances/q',
    rows: '/balances/q/rows',
    file: '/balances/q/file',
    events: '/balances/q/events',
  };
  assert.deepEqual(await (await get('/balances/q')).json(), {
    id: 'q',
    ...base,
    state: 'queued',
    ...times,
    startsAt: '2025-05-07T01:00:00.000+03:00',
    queue: { position: 2 },
    links,
  });
  desk.put({
    ...base,
    id: 'f',
    state: 'failed',
    failure: {
      code: 'mks-unknown-outcome',
      detail: 'no answer',
      outcome: 'unknown',
      senderReference: 'GW9',
    },
  });
  const failed = (await (await get('/balances/f', { 'accept-language': 'tr' })).json()) as {
    problem: Record<string, unknown>;
    links: Record<string, string>;
  };
  assert.equal(failed.problem['type'], '/problems/mks-unknown-outcome');
  assert.equal(failed.problem['title'], 'Mesajın sonucu bilinmiyor');
  assert.equal(failed.problem['status'], 504);
  assert.equal(failed.problem['senderReference'], 'GW9');
  assert.deepEqual(failed.links, { self: '/balances/f', events: '/balances/f/events' });
});

test('waits for the end of a report on request', async (t) => {
  const { desk, get } = await startEdge(t);
  desk.put({ id: 'q' });
  const pending = get('/balances/q', { prefer: 'wait=500' });
  while (desk.waiting() === 0) await sleep(5);
  desk.change('q', { state: 'ready', rowCount: 0 });
  const response = await pending;
  assert.equal(response.headers.get('preference-applied'), 'wait=120');
  assert.equal(((await response.json()) as { state: string }).state, 'ready');
});

test('hides the reports of other members', async (t) => {
  const clients = [client('one', ['TIB']), client('two', ['AKY'])];
  const { desk, url, get } = await startEdge(t, { clients: () => clients });
  desk.put({ id: 'q' });
  for (const path of [
    '/balances/q',
    '/balances/q/rows',
    '/balances/q/file',
    '/balances/q/events',
  ]) {
    assert.equal((await get(path, keyOf('two'))).status, 404, path);
  }
  const other = await fetch(`${url}/balances/q`, { method: 'DELETE', headers: keyOf('two') });
  assert.equal(other.status, 404);
  assert.deepEqual(desk.withdrawals, []);
  assert.equal((await get('/balances/q', keyOf('one'))).status, 200);
  assert.deepEqual(await (await get('/balances', keyOf('two'))).json(), { items: [] });
  assert.equal((await get('/balances?member=TIB', keyOf('two'))).status, 403);
});

test('lists reports page by page', async (t) => {
  const { desk, get } = await startEdge(t);
  for (const id of ['a', 'b', 'c']) desk.put({ id });
  desk.change('c', { state: 'ready' });
  const page = async (query: string) =>
    (await (await get(`/balances?${query}`)).json()) as {
      items: { id: string }[];
      nextCursor?: string;
    };
  const first = await page('limit=2');
  assert.deepEqual(
    first.items.map(({ id }) => id),
    ['a', 'b'],
  );
  const second = await page(`limit=2&cursor=${first.nextCursor}`);
  assert.deepEqual(
    second.items.map(({ id }) => id),
    ['c'],
  );
  assert.equal(second.nextCursor, undefined);
  assert.deepEqual(
    (await page('state=ready')).items.map(({ id }) => id),
    ['c'],
  );
  for (const bad of [
    'limit=0',
    'limit=201',
    'limit=2x',
    'limit=1&limit=2',
    'state=done',
    'cursor=bad',
    'x=1',
    'member=tib',
  ]) {
    const response = await get(`/balances?${bad}`);
    assert.equal(response.status, 400, bad);
    const { errors } = (await response.json()) as { errors: { path: string }[] };
    assert.equal(errors[0]?.path, bad.split('=')[0]);
  }
});

test('tells each change as an event and ends with the report', async (t) => {
  const { desk, get, shutdown } = await startEdge(t);
  desk.put({ id: 'q', position: 1 });
  const response = await get('/balances/q/events', { 'last-event-id': 'anything' });
  assert.equal(response.headers.get('content-type'), 'text/event-stream');
  setTimeout(() => desk.change('q', { state: 'preparing' }), 30);
  setTimeout(() => desk.change('q', { state: 'ready', rowCount: 0 }), 60);
  const events = (await response.text()).split('\n\n').filter((event) => event.startsWith('id:'));
  const seen = events.map((event) => {
    const [id, name, data = ''] = event.split('\n');
    const report = JSON.parse(data.replace(/^data: /, '')) as { state: string };
    return [id, name, report.state];
  });
  assert.deepEqual(seen, [
    ['id: 1', 'event: report', 'queued'],
    ['id: 2', 'event: report', 'preparing'],
    ['id: 3', 'event: report', 'ready'],
  ]);
  // The browser comes back by itself; 204 is how it learns that there is no more.
  assert.equal((await get('/balances/q/events', { 'last-event-id': '3' })).status, 204);
  desk.put({ id: 'open' });
  const open = await get('/balances/open/events');
  setTimeout(() => shutdown.abort(), 30);
  assert.match(await open.text(), /"state":"queued"/);
});

test('takes an interest back while the report is queued', async (t) => {
  const { desk, url } = await startEdge(t);
  desk.put({ id: 'q' });
  desk.put({ id: 'p', state: 'preparing' });
  const remove = (id: string) => fetch(`${url}/balances/${id}`, { method: 'DELETE' });
  assert.equal((await remove('q')).status, 204);
  assert.equal((await remove('p')).status, 409);
  assert.deepEqual(desk.withdrawals, ['local q', 'local p']);
});
