/**
 * The pages that are there in both languages: the same files, parts and commands, and each command does what the page
 * says, against a real gateway, its Redis and the sandbox. test/docs/page.ts says how a page is marked.
 */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { commandsOf, excerptsOf, shapeOf, typedOf, untestedOf } from './page.ts';
import { LANGUAGES, readFrom, root, tryPage } from './try-page.ts';

/** It builds and tests a copy of the whole tree, as `npm run check` does: its commands are tried there. */
const TRIED_ELSEWHERE = 'adding-a-service.md';
/** Every block of commands that no test runs, by page, in order. A new one needs a reason that nobody can mend. */
const UNTESTED: Record<string, string[]> = {
  'adding-a-service.md': ['no-test: it fetches the generators; test/examples/generated.test.ts'],
  'cli.md': ['no-test: test/cli/packed.test.ts packs and installs it'],
  'going-live.md': ['no-test: it makes a user and a service of the machine'],
  'operating.md': [
    'no-test: it wants a cluster',
    'no-test: it wants systemd',
    'no-test: it wants systemd',
    'no-test: it wants the machine of a gateway that runs for long',
    'no-test: it wants systemd',
    'no-test: it wants systemd',
  ],
  'README.md': ['no-test: test/scripts/start.test.ts runs the demo'],
  'quick-start.md': [
    'no-test: it stays up until Ctrl-C; test/scripts/start.test.ts runs it to its rows',
  ],
  'trail.md': [
    'no-test: the folder of a gateway that has run for long; test/cli/trail.test.ts',
    'no-test: test/cli/trail-stamps.test.ts does it with a stamp of its own',
  ],
};

const FRONT_PAGES = { 'README.md': LANGUAGES.en, 'README.tr.md': LANGUAGES.tr };

const read = (language: string, page: string): string => readFrom(`docs/${language}/${page}`);
const pagesOf = (language: string): string[] =>
  readdirSync(join(root, 'docs', language)).toSorted();

test('both languages have the same pages', () => {
  assert.ok(pagesOf('en').length >= 4);
  assert.deepEqual(pagesOf('tr'), pagesOf('en'));
});

test('every block that no test runs says why', () => {
  const guides = pagesOf('en').map((page) => [page, untestedOf(read('en', page))] as const);
  const found = [...guides, ['README.md', untestedOf(readFrom('README.md'))] as const];
  assert.deepEqual(Object.fromEntries(found.filter(([, reasons]) => reasons.length > 0)), UNTESTED);
});

test('what a page shows of a sample stands in the sample', () => {
  const squeezed = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
  const excerpts = Object.keys(LANGUAGES).flatMap((language) =>
    pagesOf(language).flatMap((page) => excerptsOf(read(language, page))),
  );
  for (const { info, body, file } of excerpts) {
    const sample = readFrom(file);
    assert.ok(squeezed(sample).includes(squeezed(body)), `${info}: ${body}`);
  }
  assert.ok(excerpts.length >= 10);
});

for (const page of pagesOf('en')) {
  test(`${page}: both languages have the same parts and commands`, () => {
    const [english, turkish] = [read('en', page), read('tr', page)];
    assert.deepEqual(shapeOf(turkish), shapeOf(english));
    assert.deepEqual(typedOf(turkish), typedOf(english));
  });

  const commands = Object.keys(LANGUAGES).map((language) => commandsOf(read(language, page)));
  const [english = [], turkish = []] = commands.map((some) => some.map(({ shows }) => shows?.body));
  // The commands are the same anyway: where the outputs are too, one run has tried both pages.
  const isTriedOnce = isDeepStrictEqual(english, turkish);
  for (const [language, LANG] of Object.entries(LANGUAGES).slice(0, isTriedOnce ? 1 : undefined)) {
    if (english.length === 0 || page === TRIED_ELSEWHERE) continue;
    const file = `docs/${language}/${page}`;
    const name = isTriedOnce ? `${file} and docs/tr/${page}` : file;
    test(`${name}: every command does what the page says`, (t) => tryPage(t, file, LANG));
  }
}

for (const [file, LANG] of Object.entries(FRONT_PAGES)) {
  test(`${file}: every command does what the page says`, (t) => tryPage(t, file, LANG));
}
