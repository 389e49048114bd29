/** The proofs, held: one for each number, its small form is there, and docs/proof.md has its row. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { withMutants } from './mutant-table.ts';
import type { Proof } from './proof.ts';
import { numberOf, rowOf, tookSeconds, withRow } from './table.ts';

const root = join(import.meta.dirname, '../..');
const files = readdirSync(import.meta.dirname).filter((name) => /^\d\d-.*\.ts$/.test(name));
/** The promises, and that a break is a break. */
const PROMISES = 24;
const table = readFileSync(join(root, 'docs/proof.md'), 'utf8');

for (const name of files) {
  test(`${name} is a proof with a small form and a row`, async () => {
    const { proof } = (await import(join(import.meta.dirname, name))) as { proof: Proof };
    assert.equal(proof.number, Number.parseInt(name, 10));
    assert.ok(proof.small.length > 0);
    for (const file of proof.small) assert.ok(existsSync(join(root, file)), file);
    const rows = table.split('\n').filter((line) => numberOf(line) === proof.number);
    assert.equal(rows.length, 1, `docs/proof.md has no row: npm run proof -- ${proof.number}`);
    assert.ok(rows[0]?.includes(`| ${proof.promise} |`), 'the promise reads otherwise there');
  });
}

test('each promise has its proof', () => {
  const numbers = files.map((name) => Number.parseInt(name, 10)).toSorted((a, b) => a - b);
  assert.deepEqual(
    numbers,
    Array.from({ length: PROMISES }, (_, at) => at + 1),
  );
});

test('a row comes into its place, and replaces the one that was there', () => {
  const proof = (number: number): Proof => ({ number, promise: 'p', small: [], prove: neverRun });
  const row = (number: number, figure: string, met = true): string =>
    rowOf(proof(number), { done: 'd', figure, met }, 7, 1.2);
  let text = 'Words.\n\n| n | promise |\n| - | - |\n\nMore.\n';
  for (const each of [row(2, 'two'), row(11, 'x|y'), row(1, 'one'), row(2, 'new', false)])
    text = withRow(text, each);
  assert.deepEqual(text.split('\n').slice(2), [
    '| n | promise |',
    '| - | - |',
    '| 1 | p | d | one | 7 | `SEED=7 npm run proof -- 1` (2 s) |',
    '| 2 | p | d | **not met**: new | 7 | `SEED=7 npm run proof -- 2` (2 s) |',
    '| 11 | p | d | x\\|y | 7 | `SEED=7 npm run proof -- 11` (2 s) |',
    '',
    'More.',
    '',
  ]);
  assert.deepEqual(
    [11, 12].map((number) => tookSeconds(text, number)),
    [2, 0],
  );
});

test('the table of mutants stands behind that of promises, and is replaced as a whole', () => {
  const mutant = { name: 'm', rule: 'r', file: 'f', from: 'a', to: 'b' };
  const sign = '123e4567-e89b-12d3-a456-426614174000 ends|twice';
  const document = 'Words.\n\n| n | promise |\n| - | - |\n';
  const first = withMutants(document, [{ mutant, after: undefined, sign: '', again: 0 }]);
  const text = withMutants(first, [{ mutant, after: 7, sign, again: 10 }]);
  assert.ok(text.endsWith('\n| m | r | 7 | a report ends/twice | 10 |\n'), text);
  assert.equal(text.split('| m |').length, 2);
  const row = '| 1 | one |';
  assert.deepEqual(withRow(text, row).split('\n').slice(2, 5), [
    '| n | promise |',
    '| - | - |',
    row,
  ]);
});

function neverRun(): Promise<never> {
  throw new Error('not called');
}
