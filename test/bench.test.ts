/** The benchmark's command line: every row has a name, and what is no name measures nothing. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { runScript } from './scripts/run.ts';

const bench = join(import.meta.dirname, '../bench');

test('--list names every row, by the name of its file', () => {
  const { code, output } = runScript(join(bench, 'main.ts'), ['--list']);
  const named = output
    .trim()
    .split('\n')
    .map((line) => line.split(' ', 1)[0] ?? '');
  const files = readdirSync(join(bench, 'rows')).map((file) => basename(file, '.ts'));
  assert.equal(code, 0);
  assert.deepEqual(named.toSorted(), files.toSorted());
});

test('an unknown row is refused, with the names of those that there are', () => {
  const { code, output, errors } = runScript(join(bench, 'main.ts'), ['calls', 'nonsense']);
  assert.equal(code, 2);
  assert.match(errors, /no row nonsense\n[^]*ROW +calls, joined/);
  assert.equal(output, '', 'nothing is measured');
});

test('a number of runs that is none is refused', () => {
  assert.equal(runScript(join(bench, 'main.ts'), ['--runs', '0', 'calls']).code, 2);
});

test('what is too small to be compared does not get into the document', () => {
  const { code, errors } = runScript(join(bench, 'main.ts'), ['--quick', '--write', 'calls']);
  assert.equal(code, 2);
  assert.match(errors, /--write wants/);
});
