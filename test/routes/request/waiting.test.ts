/** Waiting over real sockets: it ends with the report, the time, the caller or the process. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import type { FastifyReply } from 'fastify';
import { callerGone, endOfInterest, waitForEnd } from '../../../src/routes/request/waiting.ts';
import { createPlaces } from '../../../src/lib/places.ts';
import { createMemoryDesk } from '../../support/desk.ts';
import { until } from '../../support/until.ts';

/** A request that has come in and has no answer yet. */
async function open(t: TestContext): Promise<{ reply: FastifyReply; socket: Socket }> {
  const server = createServer().listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  t.after(() => socket.destroy());
  socket.on('error', () => undefined);
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
  const [, raw] = (await once(server, 'request')) as [unknown, ServerResponse];
  return { reply: { raw, request: { caller: { name: 'a' } } } as FastifyReply, socket };
}

async function setUp(t: TestContext) {
  const desk = createMemoryDesk();
  const shutdown = new AbortController();
  const { reply, socket } = await open(t);
  const report = desk.put({ id: 'r' });
  const waits = createPlaces(2);
  const wait = (waitMs = 60_000) =>
    waitForEnd({ desk, shutdown: shutdown.signal, waits }, reply, report, waitMs);
  return { waits, desk, shutdown, reply, socket, wait };
}

test('it gives the report when it has ended', async (t) => {
  const { desk, wait } = await setUp(t);
  const waiting = wait();
  await until(() => desk.waiting() === 1);
  desk.change('r', { state: 'preparing' });
  desk.change('r', { state: 'ready' });
  assert.equal((await waiting)?.state, 'ready');
});

test('nobody waits for nought seconds, nor for a report that cannot change', async (t) => {
  const { waits, desk, reply, shutdown, wait } = await setUp(t);
  desk.waitForEnd = () => Promise.reject(new Error('nobody should wait'));
  assert.equal((await wait(0))?.state, 'queued');
  for (const state of ['ready', 'failed', 'cancelled', 'expired'] as const) {
    const ended = desk.put({ id: state, state });
    const deps = { desk, shutdown: shutdown.signal, waits };
    assert.equal(await waitForEnd(deps, reply, ended, 60_000), ended);
  }
});

test('a client that has too many waiting is told at once how the report stands', async (t) => {
  const { desk, wait } = await setUp(t);
  const waiting = [wait(), wait()];
  await until(() => desk.waiting() === 2);
  assert.equal((await wait())?.state, 'queued');
  desk.change('r', { state: 'ready' });
  for (const each of waiting) assert.equal((await each)?.state, 'ready');
  assert.equal((await wait())?.state, 'ready', 'the places were given back');
});

test('a caller who leaves, and a process that closes, end the waiting', async (t) => {
  for (const end of ['caller', 'process']) {
    const { desk, shutdown, socket, wait } = await setUp(t);
    const waiting = wait();
    await until(() => desk.waiting() === 1);
    if (end === 'caller') socket.destroy();
    else shutdown.abort();
    assert.equal((await waiting)?.state, 'queued', end);
    assert.equal(desk.waiting(), 0);
    assert.equal((await wait())?.state, 'queued', 'and nobody begins to wait');
  }
});

test('a failure is the caller’s to know unless the waiting is over anyway', async (t) => {
  const { desk, shutdown, wait } = await setUp(t);
  const away = new Error('Redis is away');
  desk.waitForEnd = () => Promise.reject(away);
  await assert.rejects(wait(), away);
  desk.waitForEnd = async () => {
    shutdown.abort();
    throw away;
  };
  assert.equal((await wait())?.id, 'r');
});

test('interest ends with the answer, and leaves nothing on the process’s signal', async (t) => {
  const { reply } = await open(t);
  const shutdown = new AbortController();
  let listening = 0;
  const { addEventListener, removeEventListener } = shutdown.signal;
  const count = (by: number, then: typeof addEventListener): typeof addEventListener =>
    function counted(this: AbortSignal, ...given: Parameters<typeof addEventListener>) {
      listening += by;
      return then.apply(this, given);
    };
  shutdown.signal.addEventListener = count(1, addEventListener);
  shutdown.signal.removeEventListener = count(-1, removeEventListener);
  const [gone, interest] = [callerGone(reply), endOfInterest(reply, shutdown.signal)];
  assert.deepEqual([gone.aborted, interest.aborted, listening], [false, false, 1]);
  reply.raw.end('answered');
  await until(() => gone.aborted && interest.aborted);
  assert.equal(listening, 0);
  assert.equal(callerGone(reply).aborted, true, 'it was over before anybody asked');
});
