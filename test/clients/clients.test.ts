/**
 * Clients that generators make of our OpenAPI document: they are made, they pass `tsc --strict` with
 * a use that names its types, and that use gets its rows from a real gateway.
 */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { DATE, startPair } from '../support/pair.ts';
import { compile, generate, GENERATORS, installGenerators, workshop } from './generators.ts';
import type { Seen, Wanted } from './uses/seen.ts';

let folder: string;
/** The compiled use of a client. */
let built: (name: string) => string;
before(async () => {
  await installGenerators();
  folder = await workshop();
  for (const name of Object.keys(GENERATORS)) await generate(folder, name);
  built = await compile(folder, 'ours');
});

test('the clients pass the TypeScript that many callers have', async () => {
  await compile(folder, 'theirs');
});

for (const name of Object.keys(GENERATORS)) {
  test(`the client of ${name} is typed and works`, async (t) => {
    const { use } = (await import(built(name))) as {
      use: (wanted: Wanted) => Promise<Seen>;
    };
    const { url } = await startPair(t);
    const { rowCount, amounts, ids, ...seen } = await use({
      url,
      member: 'TIB',
      processDate: DATE,
    });
    assert.equal(rowCount, 50);
    assert.equal(amounts.length, rowCount);
    for (const amount of amounts) assert.match(amount, /^-?\d+(\.\d+)?$/);
    assert.equal(ids.length, 1);
    assert.deepEqual(seen, {
      amountsRead: amounts,
      amountsOfLines: amounts,
      problem: '/problems/not-found',
      problemStatus: 404,
    });
  });
}
