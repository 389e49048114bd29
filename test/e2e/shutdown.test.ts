/** SIGTERM with connections open: those that nobody uses end at once, requests under way are answered. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawnGateway } from '../support/gateway.ts';
import { environmentOf, startTestSandbox } from '../support/pair.ts';
import { END_BY_MS, shutDownUnderLoad } from '../support/shutdowns.ts';
import { until } from '../support/until.ts';

const COUNT = 50;
/** Well below the ten seconds that answers under way may take. */
const SOON_MS = 5_000;

async function open(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

test('unused and idle connections do not hold the end up, a request under way ends', async (t) => {
  const sandbox = await startTestSandbox(t);
  const gateway = await spawnGateway(t, environmentOf(sandbox));
  const unused = await Promise.all(Array.from({ length: COUNT }, () => open(gateway.url)));
  const idle = await Promise.all(Array.from({ length: COUNT }, () => open(gateway.url)));
  t.after(() => [...unused, ...idle].forEach((socket) => socket.destroy()));
  for (const socket of idle) {
    socket.write('GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'data');
  }
  const closed = Promise.all([...unused, ...idle].map((socket) => once(socket, 'close')));
  for (const socket of [...unused, ...idle]) socket.resume();

  const underWay = await open(gateway.url);
  let answer = '';
  underWay.setEncoding('utf8').on('data', (text: string) => (answer += text));
  const body = '{"processDate":"20260231"}';
  const head = `POST /balances HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n`;
  underWay.write(`${head}Content-Length: ${body.length}\r\n\r\n${body.slice(0, 5)}`);
  // The head has arrived by the time that another connection is answered.
  assert.equal((await fetch(`${gateway.url}/health/live`)).status, 200);

  const began = performance.now();
  gateway.kill('SIGTERM');
  await closed;
  assert.ok(performance.now() - began < SOON_MS, 'unused connections end at once');
  underWay.write(body.slice(5));
  await once(underWay, 'close');
  assert.match(answer, /^HTTP\/1\.1 400 .*processDate/s, 'the request under way is answered');
  assert.equal(await gateway.ended, 0);
  const tookMs = Math.round(performance.now() - began);
  assert.ok(tookMs < SOON_MS, `${tookMs} ms`);
  t.diagnostic(`${tookMs} ms from SIGTERM to the end`);
});

/** A gateway with a request under way that nobody ends, told to end. */
async function startClosing(t: TestContext) {
  const sandbox = await startTestSandbox(t);
  const gateway = await spawnGateway(t, environmentOf(sandbox));
  const socket = await open(gateway.url);
  t.after(() => socket.destroy());
  const head = 'POST /balances HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
  socket.write(`${head}Content-Length: 25\r\n\r\n{"pro`);
  assert.equal((await fetch(`${gateway.url}/health/live`)).status, 200);
  gateway.kill('SIGTERM');
  await until(() => gateway.output.some((line) => line.includes('"msg":"closing"')));
  return { gateway, socket };
}

test('a signal that comes twice, as to a whole group by npm, is one', async (t) => {
  const { gateway, socket } = await startClosing(t);
  gateway.kill('SIGTERM');
  gateway.kill('SIGINT');
  await sleep(200);
  socket.write('cessDate":"20260231"}');
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
  await once(socket, 'close');
  assert.match(answer, /^HTTP\/1\.1 400 /, 'the request under way is answered');
  assert.equal(await gateway.ended, 0);
  assert.ok(gateway.output.some((line) => line.includes('"msg":"closed"')));
});

test('who insists, later, need not wait', async (t) => {
  const { gateway } = await startClosing(t);
  await sleep(1_200);
  const began = performance.now();
  gateway.kill('SIGTERM');
  assert.equal(await gateway.ended, 'SIGTERM');
  assert.ok(performance.now() - began < 1_000);
});

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

test(`told to end under load, with Redis and without: in time, all answered, nothing lost (seed ${SEED})`, async (t) => {
  const { tookMs, accepted, ...faults } = await shutDownUnderLoad(t, {
    seed: SEED,
    replicas: 2,
    rounds: 2,
    callers: 3,
  });
  assert.deepEqual(faults, { badEnds: [], unanswered: [], lost: [] });
  assert.ok(accepted > 0);
  for (const ms of [...tookMs.up, ...tookMs.down]) assert.ok(ms < END_BY_MS, `${ms} ms`);
});
