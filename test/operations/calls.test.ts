/** How calls end, as others are told it: every end of MKS's, and none that is the caller's. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportStatus } from '../../src/mks/services/catalogue.ts';
import { watchCalls, type CallEnd } from '../../src/operations/calls.ts';
import { errorOf, mkk, setUp, STATUS } from '../mks/support.ts';
import { jws, message } from '../support/upstream.ts';

const NOW = 7;

test('an answer and a failure are told with their code, whoever asked and however', async (t) => {
  const { mks, upstream } = await setUp(t);
  const ends: CallEnd[] = [];
  const clock = { now: () => NOW, elapsedMs: () => 0 };
  const watched = watchCalls(mks, clock, (end) => void ends.push(end));
  const about = { time: NOW, memberCode: 'TIB', service: STATUS.service };
  upstream.onCall = (received) => ({ body: jws(message(received, 'RP021'), mkk.privateKey) });
  await watched.call(STATUS);
  const { service: _, ...request } = STATUS;
  assert.equal((await watched.ask(reportStatus, request)).kind, 'waiting');
  assert.deepEqual(ends, [
    { ...about, code: 'RP021' },
    { ...about, code: 'RP021' },
  ]);
  upstream.onCall = () => ({ status: 500, body: '<html>' });
  const error = await errorOf(watched.call(STATUS));
  assert.deepEqual(ends.at(-1), { ...about, error });
});

test('a caller who has left says nothing of MKS', async (t) => {
  const { mks, upstream } = await setUp(t);
  const ends: CallEnd[] = [];
  const clock = { now: () => NOW, elapsedMs: () => 0 };
  const watched = watchCalls(mks, clock, (end) => void ends.push(end));
  const leaving = new AbortController();
  upstream.onCall = () => {
    leaving.abort();
    return () => undefined;
  };
  await assert.rejects(watched.call({ ...STATUS, signal: leaving.signal }));
  assert.deepEqual(ends, []);
});
