/** Questions of one turn are asked together, never answered from before, and each gets its own answer. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { gathered, gatheredOnce } from '../../src/lib/gathered.ts';

test('who asks in one turn is asked for together, who comes later anew', async () => {
  const asked: number[][] = [];
  const ask = gathered(async (questions: readonly number[]) => {
    asked.push([...questions]);
    await turn();
    return questions.map((question) => question * 10 + asked.length);
  });
  const first = [ask(1), ask(2), ask(1)];
  await turn();
  // Under way, and not yet answered: its answer may be from before this question.
  const later = ask(1);
  assert.deepEqual(await Promise.all(first), [11, 21, 11]);
  assert.equal(await later, 12);
  assert.deepEqual(asked, [[1, 2, 1], [1]]);
});

test('a failure is that of those who were asked for together', async () => {
  let isBroken = true;
  const ask = gathered(async (questions: readonly string[]) => {
    if (isBroken) throw new Error('away');
    return questions;
  });
  const both = await Promise.allSettled([ask('one'), ask('two')]);
  assert.deepEqual(
    both.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  isBroken = false;
  assert.equal(await ask('three'), 'three');
});

test('equal questions are asked once', async () => {
  const asked: string[][] = [];
  const ask = gatheredOnce(
    ({ name }: { name: string }) => name,
    async (questions) => {
      asked.push(questions.map(({ name }) => name));
      return questions.map(({ name }) => name.toUpperCase());
    },
  );
  const answers = await Promise.all(['a', 'b', 'a', 'c', 'b'].map((name) => ask({ name })));
  assert.deepEqual(answers, ['A', 'B', 'A', 'C', 'B']);
  assert.deepEqual(asked, [['a', 'b', 'c']]);
});
