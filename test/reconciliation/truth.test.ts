/** Changes and checks beside DuckDB: random pairs, and days of the sandbox over HTTP. `npm run proof -- 22` has more. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { daysOverHttp } from '../support/truth/http.ts';
import { provePairs } from '../support/truth/prove.ts';

const PAIRS = 60;
/** Between them they hold every kind of difference and each cause, whatever the others hold. */
const TELLING = [15, 17, 25];
const DAYS = 3;
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000_000);

test('random pairs of reports and ledgers, in every dialect, are what DuckDB says', async (t) => {
  t.diagnostic(`SEED=${seed}`);
  const wrong: string[] = [];
  const random = Array.from({ length: PAIRS - TELLING.length }, (_, at) => seed + at);
  const tried = await provePairs([...TELLING, ...random], (disagreement) =>
    wrong.push(disagreement),
  );
  assert.deepEqual(wrong, []);
  const kinds = ['different', 'only-at-mks', 'only-in-ledger'];
  assert.deepEqual(Object.keys(tried.differences).toSorted(), kinds);
  const causes = ['account', 'ratio', 'sub-account', 'unknown-account'];
  assert.deepEqual(Object.keys(tried.causes).toSorted(), causes);
  assert.ok(tried.digits > 50, `${tried.digits} digits`);
});

test('days of the sandbox, fetched and checked over HTTP, are what DuckDB says', async (t) => {
  t.diagnostic(`SEED=${seed}`);
  const wrong: string[] = [];
  await daysOverHttp(t, DAYS, seed, (disagreement) => wrong.push(disagreement));
  assert.deepEqual(wrong, []);
});
