/**
 * docs/en|tr/adding-a-service.md: a service is added to a copy of the tree, which is then built and tested as the page
 * says. `npm run check` runs it, with what else looks at the whole tree; test/docs/guides.test.ts compares the languages.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandsOf } from './page.ts';
import { LANGUAGES, readFrom, tryPage } from './try-page.ts';

const PAGE = 'adding-a-service.md';
const outputsOf = (language: string) =>
  commandsOf(readFrom(`docs/${language}/${PAGE}`)).map(({ shows }) => shows?.body);

test(`docs/en/${PAGE} and docs/tr/${PAGE}: every command does what the page says`, async (t) => {
  // The commands are the same anyway: with the same outputs one run has tried both pages.
  assert.deepEqual(outputsOf('tr'), outputsOf('en'));
  await tryPage(t, `docs/en/${PAGE}`, LANGUAGES.en);
});
