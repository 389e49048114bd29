/** The licences of what runs in production: all known, none that binds our users, and told as they are. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { licencesPage, licensedPackages, presentPage } from '../../scripts/licences.ts';

const root = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** Licences that ask for no more than to be passed on. */
const TAKEN = /^(?:MIT|ISC|0BSD|BSD-[23]-Clause|Apache-2\.0|BlueOak-1\.0\.0)$/;

test('the page is what the lockfile says', () => {
  assert.equal(read('docs/licences.md'), presentPage(), 'run: npm run licences');
});

test('every licence is one that is taken', () => {
  const packages = licensedPackages(read('package-lock.json'));
  assert.ok(packages.length > 50, String(packages.length));
  const others = packages.filter(({ licence }) => !TAKEN.test(licence));
  assert.deepEqual(others, []);
});

test('what is for development is left out, a version told once, a licence that is not told is unknown', () => {
  const lockfile = JSON.stringify({
    packages: {
      '': { license: 'Apache-2.0' },
      'node_modules/b': { version: '1.0.0', license: 'MIT' },
      'node_modules/a/node_modules/b': { version: '1.0.0', license: 'MIT' },
      'node_modules/@s/a': { version: '2.0.0', optional: true },
      'node_modules/c': { version: '3.0.0', license: 'GPL-3.0', dev: true },
    },
  });
  const packages = licensedPackages(lockfile);
  assert.deepEqual(
    packages.map(({ name, licence }) => `${name} ${licence}`),
    ['@s/a unknown', 'b MIT'],
  );
  assert.match(licencesPage(packages), /^\| `@s\/a` +\| 2\.0\.0, optional \| unknown +\|$/m);
});
