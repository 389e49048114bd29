/** Writes that outlast a short absence of Redis, and no longer one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../../src/lib/clock.ts';
import { writePatiently } from '../../../src/reports/life/patient-write.ts';
import { createRedis, ready, stateful } from '../../../src/state/connection.ts';
import { StateUnavailableError } from '../../../src/state/errors.ts';
import { startRedis } from '../../support/redis.ts';

/** A clock that only goes on when it is told to. */
function handClock() {
  let elapsedMs = 0;
  return {
    clock: { now: () => 0, elapsedMs: () => elapsedMs },
    advance: (ms: number) => void (elapsedMs += ms),
  };
}

test('a write that meets no Redis is made once Redis is back', async (t) => {
  const server = await startRedis(t);
  const redis = createRedis(server.url, 'commands');
  t.after(() => redis.disconnect());
  await ready(redis);
  await server.kill();
  let tries = 0;
  const writing = writePatiently(systemClock, async () => {
    tries += 1;
    if (tries === 2) await server.restart();
    return stateful(redis.set('answered', 'by MKS'));
  });
  assert.equal(await writing, 'OK');
  assert.ok(tries > 1);
  assert.equal(await redis.get('answered'), 'by MKS');
});

test('after fifteen seconds it gives up with what it met', async () => {
  const { clock, advance } = handClock();
  let tries = 0;
  const away = new StateUnavailableError();
  await assert.rejects(
    writePatiently(clock, async () => {
      tries += 1;
      advance(7_000);
      throw away;
    }),
    away,
  );
  assert.equal(tries, 3, 'at 0, 7 and 14 seconds, and not at 21');
});

test('another failure, and a closing process, end it at once', async () => {
  const { clock } = handClock();
  let tries = 0;
  const fail = (error: Error) => async () => {
    tries += 1;
    throw error;
  };
  const mistake = new TypeError('ours');
  await assert.rejects(writePatiently(clock, fail(mistake)), mistake);
  const closing = AbortSignal.abort(new Error('closing'));
  const away = new StateUnavailableError();
  await assert.rejects(writePatiently(clock, fail(away), closing), away);
  assert.equal(tries, 2);
  assert.equal(await writePatiently(clock, async () => 7, closing), 7, 'it is tried all the same');
});
