/** Each input that was kept, and more than half a second of new ones for each parser: `npm run fuzz` has more time. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzz } from './run.ts';
import type { Target } from './target.ts';
import { targets } from './targets.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000_000);
const SECONDS = 0.6;

for (const target of targets) {
  test(
    `no input breaks the parser: ${target.name} (SEED=${seed})`,
    { timeout: 120_000 },
    async () => {
      const { failures, tries, outcomes } = await fuzz(target, seed, SECONDS);
      const told = failures.map(
        ({ what, input }) => `${what}\ninput in base64: ${input.toString('base64')}`,
      );
      assert.deepEqual(told, [], `again: SEED=${seed} npm run fuzz -- ${target.name}`);
      assert.ok(outcomes.size > 5, `only ${outcomes.size} outcomes of ${tries} tries`);
    },
  );
}

test('a parser that is wrong now and then is found out, with an input that shows it', async () => {
  let held: Buffer | undefined;
  const wrong: Record<string, (input: Buffer) => void> = {
    'not of the catalogue': () => {
      throw new RangeError('not of the catalogue');
    },
    'held the thread': () => {
      const before = process.threadCpuUsage();
      for (let spent = 0; spent < 300_000;) {
        const { user, system } = process.threadCpuUsage(before);
        spent = user + system;
      }
    },
    'one of 32 inputs took': () => {
      held ??= Buffer.alloc(160 * 1024 ** 2, 1);
    },
  };
  for (const [what, harm] of Object.entries(wrong)) {
    const target: Target = {
      name: 'wrong',
      words: ['x'],
      seeds: async () => [Buffer.from('a sound input')],
      async attempt(input) {
        if (input.includes('x')) harm(input);
        return ['sound'];
      },
    };
    const { failures } = await fuzz(target, seed, 0.3);
    assert.match(failures[0]?.what ?? 'nothing was found', new RegExp(what));
    if (!what.startsWith('one of')) assert.ok(failures[0]?.input.includes('x'));
  }
});
