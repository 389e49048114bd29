/** Standing orders over days: whatever dies meanwhile, each date lies under its name once and is told. */
import { test } from 'node:test';
import { passDays } from '../support/standing-days.ts';

/** More by hand: STANDING_DAYS=60 STANDING_SEED=7. */
const DAYS = Number(process.env['STANDING_DAYS'] ?? 3);
const SEED = Number(process.env['STANDING_SEED'] ?? Date.now() % 1_000_000);

test(`${DAYS} days, replicas, Redis, MKS, folder and receiver failing (seed ${SEED})`, async (t) => {
  const { dates, events, kills } = await passDays(t, DAYS, SEED);
  const told = dates.reduce((sum, each) => sum + each.told, 0);
  t.diagnostic(`${events.join(' ')}; ${kills} kills; ${dates.length} dates once, ${told} notices`);
});
