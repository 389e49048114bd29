/** Questions of a crowd are asked together, never answered from before, and each gets its own answer. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { gathered, gatheredOnce } from '../../src/lib/gathered.ts';

/** Answers with ten times the question, and with which asking it was; remembers what was asked together. */
function createAsking() {
  const asked: number[][] = [];
  const ask = gathered(async (questions: readonly number[]) => {
    asked.push([...questions]);
    await turn();
    return questions.map((question) => question * 10 + asked.length);
  });
  return { asked, ask };
}

test('who asks in one turn is asked for together, who comes later anew', async () => {
  const { asked, ask } = createAsking();
  const first = [ask(1), ask(2), ask(1)];
  while (asked.length === 0) await turn();
  // Under way, and not yet answered: its answer may be from before this question.
  const later = ask(1);
  assert.deepEqual(await Promise.all(first), [11, 21, 11]);
  assert.equal(await later, 12);
  assert.deepEqual(asked, [[1, 2, 1], [1]]);
});

test('who is alone is asked for at the next turn', async () => {
  const { asked, ask } = createAsking();
  const alone = ask(1);
  await turn();
  assert.deepEqual(asked, [[1]]);
  assert.equal(await alone, 11);
});

test('a crowd is asked for together while each turn brings more, for four turns at most', async () => {
  const { asked, ask } = createAsking();
  const answers: Promise<number>[] = [];
  for (let n = 1; n <= 8; n += 1) {
    // Before the asking, so that in each turn another one comes before it is looked whether one did.
    const next = turn();
    answers.push(ask(n));
    await next;
  }
  await Promise.all(answers);
  assert.deepEqual(asked[0], [1, 2, 3, 4, 5]);
  assert.deepEqual(asked.flat(), [1, 2, 3, 4, 5, 6, 7, 8]);
});

test('a turn that brings nobody ends the wait', async () => {
  const { asked, ask } = createAsking();
  const answers = [ask(1)];
  await turn();
  answers.push(ask(2));
  await Promise.all(answers);
  assert.deepEqual(asked, [[1], [2]]);
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
