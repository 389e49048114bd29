/** `POST /balances` over a real socket. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { client, keyOf, NOW, startEdge } from '../../support/edge.ts';

const DAY = { processDate: '20250505' };

test('answers with the rows as soon as the report is ready', async (t) => {
  const { desk, post } = await startEdge(t);
  const pending = post('/balances', { ...DAY, isin: 'TRAGARAN91N1' });
  while (desk.waiting() === 0) await sleep(5);
  desk.change('r1', { state: 'ready', refId: 'REF', rowCount: 2 });
  const response = await pending;
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('location'), '/balances/r1');
  assert.equal(response.headers.get('content-location'), '/balances/r1/rows');
  assert.equal(response.headers.get('row-count'), '2');
  const text = await response.text();
  const document = JSON.parse(text) as { rows: { balanceAmount: string }[] };
  assert.deepEqual(Object.keys(document), [
    'id',
    'member',
    'processDate',
    'refId',
    'rows',
    'rowCount',
  ]);
  assert.equal(document.rows[1]?.balanceAmount, '12345678901234567.123');
  assert.deepEqual(desk.asks[0], {
    client: 'local',
    queue: { limit: 1_000, members: ['TIB'] },
    member: 'TIB',
    processDate: '20250505',
    filters: { isin: 'TRAGARAN91N1' },
    refresh: false,
    acceptOutsideHours: false,
  });
  const again = await fetch(new URL('/balances/r1/rows', response.url));
  assert.equal(await again.text(), text);
});

test('gives 202 with the report when the wait is over, and at once for respond-async', async (t) => {
  const { post, desk } = await startEdge(t, { balancesWaitMs: 30_000 });
  const waited = await post('/balances', DAY, { prefer: 'foo; wait=3, wait=1' });
  assert.equal(waited.status, 202);
  assert.equal(waited.headers.get('preference-applied'), 'wait=1');
  const started = performance.now();
  const response = await post('/balances', DAY, { prefer: 'respond-async' });
  assert.ok(performance.now() - started < 1_000);
  assert.equal(response.status, 202);
  assert.equal(response.headers.get('location'), '/balances/r2');
  assert.equal(response.headers.get('retry-after'), '5');
  assert.equal(response.headers.get('preference-applied'), 'respond-async');
  const report = (await response.json()) as { state: string; createdAt: string };
  assert.equal(report.state, 'queued');
  assert.equal(report.createdAt, '2025-05-06T10:15:00.000+03:00');
  assert.equal(desk.asks[1]?.acceptOutsideHours, true);
});

test('does not let a caller wait while the process closes, nor for one who has gone', async (t) => {
  const { url, post, desk, shutdown } = await startEdge(t, { balancesWaitMs: 60_000 });
  const gone = new AbortController();
  const abandoned = fetch(`${url}/balances`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(DAY),
    signal: gone.signal,
  });
  while (desk.waiting() === 0) await sleep(5);
  gone.abort();
  await assert.rejects(abandoned);
  while (desk.waiting() > 0) await sleep(5);
  const pending = post('/balances', DAY);
  while (desk.waiting() === 0) await sleep(5);
  shutdown.abort();
  assert.equal((await pending).status, 202);
});

test('names every mistake at once, in the language that is asked for', async (t) => {
  const { post, desk } = await startEdge(t, { members: () => ['TIB', 'AKY'] });
  const body = { processDate: '20250231', isin: 'x', refresh: 'true', accNo: 7, nonsense: null };
  const response = await post('/balances?x=1', body, {
    'idempotency-key': 'two words',
    'accept-language': 'tr-TR, en;q=0.5',
  });
  assert.equal(response.status, 400);
  assert.match(response.headers.get('content-type') ?? '', /^application\/problem\+json/);
  assert.equal(response.headers.get('content-language'), 'tr');
  const problem = (await response.json()) as {
    type: string;
    title: string;
    errors: { path: string; message: string }[];
  };
  assert.equal(problem.type, '/problems/invalid-request');
  assert.equal(problem.title, 'İstek geçerli değil');
  assert.deepEqual(problem.errors.map(({ path }) => path).toSorted(), [
    '/accNo',
    '/isin',
    '/member',
    '/nonsense',
    '/processDate',
    '/refresh',
    'idempotency-key',
    'x',
  ]);
  assert.equal(desk.asks.length, 0);
});

test('refuses days that do not exist or have not begun in Istanbul', async (t) => {
  const clock = { now: () => Date.UTC(2025, 4, 6, 21, 30), elapsedMs: () => performance.now() };
  const { post } = await startEdge(t, { clock });
  const statusOf = async (processDate: unknown) =>
    (await post('/balances', { processDate }, { prefer: 'respond-async' })).status;
  // It is 00:30 on 7 May in Istanbul and still 6 May in UTC.
  assert.equal(await statusOf('20250507'), 202);
  assert.equal(await statusOf('20240229'), 202);
  for (const bad of [
    '20250508',
    '20250229',
    '20250431',
    '2025050',
    '202501,5',
    20250505,
    null,
    '18991231',
  ]) {
    assert.equal(await statusOf(bad), 400, String(bad));
  }
});

test('reads a body to the letter', async (t) => {
  const { url, post, desk } = await startEdge(t);
  const bad: [string, string, number][] = [
    ['{"processDate":"20250505","processDate":"20250504"}', 'application/json', 400],
    ['{"processDate":"20250505","\\u0070rocessDate":"20250504"}', 'application/json', 400],
    ['{"processDate":"20250505","__proto__":{}}', 'application/json', 400],
    ['{"processDate":"20250505"} x', 'application/json', 400],
    ['{"processDate":', 'application/json', 400],
    ['', 'application/json', 400],
    ['[]', 'application/json', 400],
    ['"20250505"', 'application/json', 400],
    ['processDate=20250505', 'application/x-www-form-urlencoded', 415],
    ['{"processDate":"20250505"}', 'text/plain', 415],
    [`{"processDate":"${'2'.repeat(2_000_000)}"}`, 'application/json', 413],
  ];
  for (const [body, type, status] of bad) {
    const response = await post('/balances', body, { 'content-type': type });
    assert.equal(response.status, status, body.slice(0, 60));
    assert.match(response.headers.get('content-type') ?? '', /problem\+json/);
  }
  const notUtf8 = await fetch(`${url}/balances`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: Buffer.from([0x7b, 0xff, 0x7d]),
  });
  assert.equal(notUtf8.status, 400);
  const packed = await post('/balances', DAY, { 'content-encoding': 'gzip' });
  assert.equal(packed.status, 415);
  assert.equal(desk.asks.length, 0);
});

test('refuses a format that it cannot make before it asks for a report', async (t) => {
  const { post, desk } = await startEdge(t);
  const response = await post('/balances', DAY, { accept: 'application/pdf, text/csv;q=0' });
  assert.equal(response.status, 406);
  assert.equal(desk.asks.length, 0);
});

test('answers with the problem of a report that failed, was cancelled or has expired', async (t) => {
  const { post, desk } = await startEdge(t);
  const mks = { code: 'RP038', description: 'ISIN hatalı', senderReference: 'GW1', messageId: '7' };
  const failure = {
    code: 'mks-rejected',
    detail: 'refused',
    outcome: 'refused',
    retryable: false,
    mks,
  } as const;
  desk.startAs({ state: 'failed', failure });
  const failed = await post('/balances', DAY);
  assert.equal(failed.status, 422);
  assert.equal(failed.headers.get('location'), null);
  const problem = (await failed.json()) as Record<string, unknown>;
  assert.deepEqual(problem['mks'], mks);
  assert.equal(problem['senderReference'], 'GW1');
  assert.equal(problem['outcome'], 'refused');
  assert.equal(problem['retryable'], false);
  assert.match(String(problem['hint']), /ISIN/);
  desk.startAs({ state: 'cancelled' });
  assert.equal((await post('/balances', DAY)).status, 409);
  desk.startAs({ state: 'expired' });
  assert.equal((await post('/balances', DAY)).status, 410);
});

test('says when MKS opens, and when a key came with another body', async (t) => {
  const { post, desk } = await startEdge(t);
  desk.answerWith({ kind: 'closed', opensAt: NOW + 3_600_500 });
  const closed = await post('/balances', DAY);
  assert.equal(closed.status, 503);
  assert.equal(closed.headers.get('retry-after'), '3601');
  const problem = (await closed.json()) as { opensAt: string; outcome: string };
  assert.equal(problem.opensAt, '2025-05-06T11:15:00.500+03:00');
  assert.equal(problem.outcome, 'not-sent');
  desk.answerWith({ kind: 'idempotency-key-reused' });
  const reused = await post('/balances', DAY, { 'idempotency-key': 'k' });
  assert.equal(reused.status, 422);
  assert.equal(desk.asks.at(-1)?.idempotencyKey, 'k');
});

test('says that the queue is full or the keys are used up, in both languages', async (t) => {
  const { post, desk } = await startEdge(t);
  const told = async (language: string) => {
    const response = await post('/balances', DAY, { 'accept-language': language });
    const { type, title, detail } = (await response.json()) as Record<string, string>;
    return {
      status: response.status,
      after: response.headers.get('retry-after'),
      type,
      title,
      detail,
    };
  };
  desk.answerWith({ kind: 'queue-full' });
  const full = await told('en');
  assert.deepEqual([full.status, full.after, full.type], [429, '30', '/problems/queue-full']);
  assert.equal((await told('tr')).title, 'Sırada çok fazla rapor var');
  desk.answerWith({ kind: 'keys-used-up', freeAt: NOW + 7_200_000 });
  const used = await told('en');
  assert.deepEqual([used.status, used.after, used.type], [429, '7200', '/problems/rate-limited']);
  assert.match(used.detail ?? '', /10,000 idempotency keys/);
});

test('keeps clients to their members', async (t) => {
  const { post, desk } = await startEdge(t, {
    clients: () => [client('one', ['TIB']), client('two', ['TIB', 'AKY'])],
  });
  const statusOf = async (body: object, headers: Record<string, string>) =>
    (await post('/balances', body, { prefer: 'respond-async', ...headers })).status;
  assert.equal(await statusOf(DAY, {}), 401);
  assert.equal(await statusOf(DAY, keyOf('three')), 401);
  assert.equal(await statusOf(DAY, keyOf('one')), 202);
  assert.equal(await statusOf({ ...DAY, member: 'AKY' }, keyOf('one')), 403);
  assert.equal(await statusOf(DAY, keyOf('two')), 400);
  assert.equal(await statusOf({ ...DAY, member: 'AKY' }, keyOf('two')), 202);
  assert.deepEqual(
    desk.asks.map((ask) => `${ask.client} ${ask.member}`),
    ['one TIB', 'two AKY'],
  );
});
