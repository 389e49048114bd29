/** Looking at orders and working on them over a real Redis, where either fails. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { createOrderEngine } from '../../src/orders/engine.ts';
import { createRedis, ready } from '../../src/state/connection.ts';
import { StateUnavailableError } from '../../src/state/errors.ts';
import { startState } from '../support/state.ts';
import { until } from '../support/until.ts';

const useState = await startState();

test('what fails is told with its order, and neither the look nor the others stop', async (t) => {
  const { redis: commands, keys, url } = await useState(t);
  const blocking = createRedis(url, 'blocking');
  await ready(blocking);
  const told: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => told.push(line) });
  const worked: string[] = [];
  let looks = 0;
  const engine = createOrderEngine({
    connections: { commands, blocking },
    keys,
    log,
    names: () => ['broken', 'away', 'whole'],
    isDue: async (order) => {
      if (order !== 'broken') return true;
      looks += 1;
      // The first look fails, the second does not.
      if (looks === 1) throw new TypeError('a day that nobody can read');
      return true;
    },
    work: async (order) => {
      worked.push(order);
      if (order === 'broken') throw new TypeError('a folder that is none');
      if (order === 'away') throw new StateUnavailableError();
    },
  });
  t.after(async () => {
    await engine.close(1_000);
    blocking.disconnect();
  });
  await until(() => ['broken', 'away', 'whole'].every((order) => worked.includes(order)));
  await until(() => told.some((line) => line.includes('could not be worked on')));
  assert.match(told[0] ?? '', /a day that nobody can read.*standing orders could not be looked at/);
  assert.match(told[1] ?? '', /a folder that is none.*"order":"broken"/);
  assert.ok(!told.some((line) => line.includes('"order":"away"')), 'its connection tells that');
});
