/** Promise 1: a million references, while whoever issues them and Redis are killed and Redis is emptied. */
import { allocate } from '../support/allocations.ts';
import { cleanup, type Outcome, type Proof } from './proof.ts';

const PLAN = {
  allocations: 1_000_000,
  processes: 4,
  members: 50,
  redisKills: 20,
  allocatorKills: 20,
  emptied: 5,
};

export const proof: Proof = {
  number: 1,
  promise: 'no reference is ever issued twice',
  small: ['test/mks/reference.test.ts'],
  prove,
};

async function prove(seed: number): Promise<Outcome> {
  const ends = cleanup();
  try {
    const { references, duplicates, repeatedCounters } = await allocate(ends, PLAN, seed);
    for (const each of duplicates.slice(0, 20)) console.error(each);
    const { processes, members, redisKills, allocatorKills, emptied } = PLAN;
    return {
      done:
        `${references.toLocaleString('en')} allocations by ${processes} processes for ${members} members, ` +
        `${redisKills} SIGKILLs of Redis, ${allocatorKills} of allocators, ${emptied} rounds of an emptied Redis`,
      figure:
        `${duplicates.length} duplicates; ` +
        `${repeatedCounters.toLocaleString('en')} bear a counter that their member had before`,
      met: duplicates.length === 0,
    };
  } finally {
    await ends.end();
  }
}
