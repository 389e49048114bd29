/** The pages of the errors are what the catalogues hold, in both languages. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { LANGUAGES, pageOf, presentPage } from '../../scripts/errors.ts';

for (const language of LANGUAGES) {
  test(`docs/${language}/errors.md has the problems and codes of the catalogues`, async () => {
    const page = readFileSync(pageOf(language), 'utf8');
    assert.equal(page, await presentPage(language), 'run: npm run errors');
  });
}
