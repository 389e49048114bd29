import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { createSlowLanes } from '../../src/lib/slow-lanes.ts';

function setUp(t: TestContext) {
  const lanes = createSlowLanes({ pauseMs: 5, maxWaiting: 2 });
  t.after(() => lanes.close());
  const gone: string[] = [];
  const enter = async (name: string, as: string): Promise<void> => {
    const hasTurn = await new Promise<boolean>((go) => lanes.enter(name, go));
    gone.push(hasTurn ? as : `${as} refused`);
  };
  return { lanes, enter, gone };
}

test('who was refused goes one at a time, each after the answer to the one before', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { lanes, enter, gone } = setUp(t);
  await Promise.all([enter('a', 'a1'), enter('a', 'a2')]);
  lanes.note('a', true);
  const all = [enter('a', 'a3'), enter('a', 'a4'), enter('a', 'a5'), enter('b', 'b1')];
  await Promise.all(all.slice(2));
  t.mock.timers.tick(4);
  await turn();
  assert.deepEqual(
    gone,
    ['a1', 'a2', 'a5 refused', 'b1'],
    'its line is full, and nobody else waits',
  );
  t.mock.timers.tick(1);
  await all[0];
  t.mock.timers.tick(20);
  await turn();
  assert.deepEqual(gone.slice(4), ['a3'], 'it has no answer yet');
  lanes.note('a', true);
  t.mock.timers.tick(5);
  await all[1];
});

test('an answer that does not come holds nobody up for long', async (t) => {
  const { lanes, enter } = setUp(t);
  lanes.note('a', true);
  await enter('a', 'a1');
  const began = performance.now();
  await enter('a', 'a2');
  assert.ok(performance.now() - began >= 90);
});

test('the first answer that is no refusal ends it', async (t) => {
  const { lanes, enter, gone } = setUp(t);
  lanes.note('a', true);
  await enter('a', 'a1');
  const inLine = enter('a', 'in line');
  lanes.note('a', false);
  await enter('a', 'new');
  await inLine;
  assert.deepEqual(gone, ['a1', 'new', 'in line']);
});

test('closed, it lets all go on', async (t) => {
  const { lanes, enter, gone } = setUp(t);
  lanes.note('a', true);
  const all = [enter('a', 'a1'), enter('a', 'a2')];
  lanes.close();
  await Promise.all(all);
  assert.deepEqual(gone, ['a1', 'a2']);
});
