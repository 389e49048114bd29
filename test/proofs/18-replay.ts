/** Promise 18: ten thousand schedules of the model, its mutants, and each failure ten times again. */
import { mutants, type Mutant } from '../model/mutants.ts';
import { playSeeds } from '../model/runs.ts';
import { rewrite } from './document.ts';
import type { Outcome, Proof } from './proof.ts';
import { type Found, withMutants } from './mutant-table.ts';

const SCHEDULES = 10_000;
/** Side by side: each waits for its Redis half of the time. */
const LANES = 4;
const WITHIN = 500;
const TIMES = 10;
/** Schedules that hold are played again as well. */
const HELD = 100;

export const proof: Proof = {
  number: 18,
  promise: 'failures replay',
  small: ['test/model/model.test.ts'],
  prove,
};

async function prove(seed: number): Promise<Outcome> {
  const share = SCHEDULES / LANES;
  const lanes = Array.from({ length: LANES }, (_, lane) => playSeeds(seed + lane * share, share));
  const searching = findAll(seed);
  const failing = (await Promise.all(lanes)).flatMap((lane) => lane.failing);
  for (const each of failing) console.log(JSON.stringify(each));
  const [one, other] = [await playSeeds(seed, HELD), await playSeeds(seed, HELD)];
  const found = await searching;
  rewrite((document) => withMutants(document, found));
  const missed = found.filter(({ after }) => after === undefined).length;
  const strayed = found.filter(({ after, again }) => after !== undefined && again < TIMES).length;
  return {
    done: `${SCHEDULES.toLocaleString('en')} schedules of the model on a real Redis; ${mutants.length} mutants, each within ${WITHIN} schedules; the first failure of each played ${TIMES} times again, and ${HELD} schedules that hold, in another process`,
    figure: `${failing.length} schedules did not hold; ${mutants.length - missed} mutants found, each failure ${TIMES} of ${TIMES} times again; ${one.digest === other.digest ? 'the same' : 'another'} history of the ${HELD}`,
    met: failing.length + missed + strayed === 0 && one.digest === other.digest,
  };
}

async function findAll(seed: number): Promise<Found[]> {
  const found: Found[] = [];
  for (const mutant of mutants) found.push(await find(mutant, seed));
  return found;
}

async function find(mutant: Mutant, seed: number): Promise<Found> {
  const { name } = mutant;
  const { played, failing } = await playSeeds(seed, WITHIN, { mutant: name, stop: true });
  const [first] = failing;
  if (first === undefined) return { mutant, after: undefined, sign: '', again: 0 };
  const replay = await playSeeds(first.seed, 1, { mutant: name, times: TIMES });
  const again = replay.failing.filter((each) => each.digest === first.digest).length;
  console.log(`${name}: schedule ${played}, ${again} of ${TIMES} again, ${first.wrong[0]}`);
  return { mutant, after: played, sign: first.wrong[0] ?? '', again };
}
