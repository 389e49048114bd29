/** Callers who are slow, endless or old: none of them holds a connection for ever. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { startEdge } from '../support/edge.ts';
import { rawExchange } from '../support/raw.ts';
import { rowsOf } from '../support/desk.ts';

test('ends a head that drips, a body that drips, and one that never comes', async (t) => {
  const { url, get } = await startEdge(t);
  const drip = Array.from({ length: 60 }, (_, i) => `X-Slow-${i}: 1\r\n`);
  const head = 'POST /balances HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
  const [slowHead, silent, slowBody, noBody] = await Promise.all([
    rawExchange(url, ['GET /service-hours HTTP/1.1\r\nHost: x\r\n', ...drip], 1_000),
    rawExchange(url, ['GET /service-hours HTTP/1.1\r\nHos']),
    rawExchange(url, [`${head}Content-Length: 1000\r\n\r\n{`, ...Array(60).fill(' ')], 1_000),
    rawExchange(url, [`${head}Content-Length: 1000\r\n\r\n`]),
    // Others are served meanwhile.
    (async () => assert.equal((await get('/service-hours')).status, 200))(),
  ]);
  for (const answer of [slowHead, silent]) {
    assert.ok(answer.elapsedMs < 13_000, `${answer.elapsedMs} ms`);
    assert.ok([0, 400, 408].includes(answer.status), answer.head);
  }
  for (const answer of [slowBody, noBody]) {
    assert.ok(answer.elapsedMs < 33_000, `${answer.elapsedMs} ms`);
    assert.ok([0, 400, 408].includes(answer.status), answer.head);
  }
});

test('refuses heads that are too large or hold too much, and lets go of who does not hang up', async (t) => {
  const { url } = await startEdge(t);
  const huge = `GET /service-hours HTTP/1.1\r\nHost: x\r\nX-Huge: ${'x'.repeat(20_000)}\r\n\r\n`;
  const refused = await rawExchange(url, [huge]);
  assert.equal(refused.status, 400);
  assert.match(refused.body, /problems\/invalid-request/);
  const { port } = new URL(url);
  const socket = connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true });
  socket.write('nonsense\r\n\r\n');
  socket.on('error', () => undefined);
  const began = performance.now();
  await new Promise((resolve) => {
    socket.resume();
    // Bytes into a connection that the other side has given up bring a reset.
    const timer = setInterval(() => socket.write('x'), 100);
    socket.on('close', () => resolve(clearInterval(timer)));
  });
  assert.ok(performance.now() - began < 3_000);
});

for (const version of ['0.9', '2.0']) {
  test(`streams nothing to a request line of HTTP/${version}`, async (t) => {
    const { url, desk } = await startEdge(t);
    desk.put({ id: 'ready', state: 'ready', rowCount: 2, readyAt: 1, files: ['rapor.csv'] });
    for (const path of ['rows', 'file', 'events']) {
      const head = `GET /balances/ready/${path} HTTP/${version}\r\nHost: x\r\nConnection: close\r\n`;
      const answer = await rawExchange(url, [`${head}\r\n`]);
      assert.equal(answer.status, 400, path);
      assert.match(answer.body, /HTTP\/1\.1/, path);
    }
  });
}

test('streams nothing to HTTP/1.0, where a broken answer would look complete', async (t) => {
  const { url, desk } = await startEdge(t);
  desk.put({ id: 'ready', state: 'ready', rowCount: 2, readyAt: 1, files: ['rapor.csv'] });
  for (const path of ['rows', 'file', 'events']) {
    const answer = await rawExchange(url, [`GET /balances/ready/${path} HTTP/1.0\r\n\r\n`]);
    assert.equal(answer.status, 400, path);
    assert.match(answer.body, /HTTP\/1\.1/, path);
  }
  const body = '{"processDate":"20250505"}';
  const post = `POST /balances HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  assert.equal((await rawExchange(url, [post])).status, 400);
  assert.equal(desk.asks.length, 0, 'no report is asked for in vain');
  const whole = await rawExchange(url, ['GET /balances/ready HTTP/1.0\r\n\r\n']);
  assert.equal(whole.status, 200);
  assert.match(whole.head, /content-length: \d+/i);
});

test('breaks a streamed answer that fails, so that it is never taken for complete', async (t) => {
  const { url, desk } = await startEdge(t);
  // So many are streamed, and not encoded as a whole before the answer begins.
  const rowCount = 1_000_000;
  desk.put({ id: 'ready', state: 'ready', rowCount, readyAt: 1, files: ['rapor.csv'] });
  const broken = function* () {
    yield '{"isin":"TRAGARAN91N1"}\n';
    throw new Error('the disk is gone');
  };
  desk.rows = rowsOf(broken(), rowCount);
  const get =
    'GET /balances/ready/rows HTTP/1.1\r\nHost: x\r\nAccept: application/x-ndjson\r\n\r\n';
  const answer = await rawExchange(url, [get]);
  assert.equal(answer.status, 200);
  assert.match(answer.head, /transfer-encoding: chunked/i);
  assert.doesNotMatch(answer.body, /\r\n0\r\n\r\n$/);
});
