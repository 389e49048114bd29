/** docs/controls.md: no requirement is left out, each line says what it has to, and its tests are there. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '..');
const text = readFileSync(join(root, 'docs/controls.md'), 'utf8');

/** How many requirements each section of ASVS 5.0.0 has, in the chapters that are told of. */
const CHAPTERS: Record<string, readonly number[]> = {
  V4: [5, 5, 2, 4],
  V5: [1, 6, 3, 3],
  V9: [3, 4],
  V12: [5, 2, 5],
  V13: [4, 6, 4, 7],
  V16: [1, 5, 4, 3, 4],
};
const RISKS = 10;
const VERDICTS = ['met', 'partly', 'not', 'n/a'];

interface Line {
  id: string;
  asks: string;
  verdict: string;
  how: string;
  tests: string[];
}

const lines = [...text.matchAll(/^\| (\d+\.\d+\.\d+ \(L[123]\)|API\d+:2023) +\|(.*)\|$/gm)].map(
  ([, id = '', rest = '']): Line => {
    const [asks = '', verdict = '', how = '', proved = ''] = rest
      .split('|')
      .map((cell) => cell.trim());
    const tests = [...proved.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
    return { id: id.replace(/ .*/, ''), asks, verdict, how, tests };
  },
);

test('every requirement of the chapters, and every risk, has one line, in its order', () => {
  const wanted = Object.entries(CHAPTERS).flatMap(([chapter, sections]) =>
    sections.flatMap((count, section) =>
      Array.from({ length: count }, (_, at) => `${chapter.slice(1)}.${section + 1}.${at + 1}`),
    ),
  );
  const risks = Array.from({ length: RISKS }, (_, index) => `API${index + 1}:2023`);
  assert.deepEqual(
    lines.map(({ id }) => id),
    [...wanted, ...risks],
  );
});

test('each says what is asked for, a verdict and its reason; what is met is proved', () => {
  for (const { id, asks, verdict, how, tests } of lines) {
    assert.ok(asks !== '' && how !== '', id);
    assert.ok(VERDICTS.includes(verdict), `${id}: ${verdict}`);
    if (verdict === 'met' || verdict === 'partly') assert.ok(tests.length > 0, `${id}: no test`);
  }
});

test('every test that is named is there, and is a test', () => {
  for (const { id, tests } of lines) {
    for (const name of tests) {
      const found = globSync(name.endsWith('/') ? `${name}**/*.test.ts` : name, { cwd: root });
      assert.ok(found.length > 0, `${id}: ${name}`);
      assert.ok(
        found.every((file) => /^test\/.*\.test\.ts$/.test(file)),
        `${id}: ${name} is none`,
      );
    }
  }
});
