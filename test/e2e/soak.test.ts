/** Mixed load with spoilt answers for some seconds: nobody is surprised, and nothing is left. `npm run proof -- 17` is the long one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { soak } from '../support/soak/soak.ts';
import { faultsOf } from '../support/soak/verdict.ts';
import { growthOf, slopeOf } from '../support/soak/slope.ts';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

test(`every call has an end that is known, and nothing of the reports stays (seed ${SEED})`, async (t) => {
  const size = { seconds: 4, rate: 15, retentionSeconds: 2, everyMs: 1_000 };
  const soaked = await soak(t, { ...size, seed: SEED });
  assert.deepEqual(faultsOf(soaked), []);
  assert.ok(soaked.faults > 0, 'nothing was spoilt');
  assert.ok(soaked.health.every((lines) => lines.length > 1 && (lines[0]?.liveMb ?? 0) > 0));
});

test('what grows is found to grow', () => {
  const series = Array.from({ length: 60 }, (_, n) => ({ minute: n / 4, value: 100 + n / 2 }));
  assert.equal(slopeOf(series).toFixed(6), '2.000000');
  assert.equal(growthOf(series).toFixed(2), '1.19');
  const saw = series.map(({ minute }, n) => ({ minute, value: 100 + (n % 4) * 50 }));
  assert.equal(growthOf(saw), 1);
});
