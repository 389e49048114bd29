/** The request's id on its way in, out and into the log; and what the log must not bear. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { client, startEdge } from '../support/edge.ts';

test('takes a harmless id, makes one otherwise, answers and logs it', async (t) => {
  const { get, logLines } = await startEdge(t);
  const idOf = async (given: string) =>
    (await get('/nothing', { 'x-request-id': given })).headers.get('x-request-id');
  assert.equal(await idOf('job-17:a'), 'job-17:a');
  for (const bad of ['a b', 'x'.repeat(129), '{"a":1}', '<script>']) {
    assert.match((await idOf(bad)) ?? '', /^[0-9a-f-]{36}$/, bad);
  }
  const problem = (await (await get('/nothing', { 'x-request-id': 'job-18' })).json()) as object;
  assert.equal((problem as { requestId: string }).requestId, 'job-18');
  assert.ok(logLines.some((line) => line.includes('"requestId":"job-17:a"')));
});

test('logs neither keys nor bodies nor queries', async (t) => {
  const { get, post, logLines } = await startEdge(t, { clients: () => [client('one', ['TIB'])] });
  const headers = { authorization: 'Bearer one-key' };
  await post(
    '/balances',
    { processDate: '20250505', accNo: 'SECRETACC' },
    { ...headers, prefer: 'respond-async' },
  );
  await post('/balances', { accNo: 'SECRETACC', x: 1 }, headers);
  await get('/balances?cursor=SECRETQUERY', headers);
  const log = logLines.join('');
  assert.match(log, /"client":"one"/);
  assert.doesNotMatch(log, /one-key|SECRET/);
});

test('answers what is not HTTP, or not a path, with a problem', async (t) => {
  const { url, get } = await startEdge(t);
  const bad = await get('/balances/%zz', { 'x-request-id': 'job-19' });
  assert.equal(bad.status, 400);
  assert.equal(bad.headers.get('x-request-id'), 'job-19');
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.end('this is not HTTP\r\n\r\n');
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  assert.match(text, /^HTTP\/1\.1 400 /);
  assert.match(text, /application\/problem\+json/);
});
