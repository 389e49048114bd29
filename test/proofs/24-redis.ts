/** Promise 24: whatever befalls Redis is outlived: nothing unrecorded is sent meanwhile, all goes on afterwards. */
import { AssertionError } from 'node:assert';
import { outlive, REDIS_FAULTS } from '../support/redis-faults.ts';
import { cleanup, type Outcome, type Proof } from './proof.ts';

const ROUNDS = 3;
const FROZEN_MS = 20_000;

export const proof: Proof = {
  number: 24,
  promise: 'what befalls Redis is outlived',
  small: ['test/e2e/redis-faults.test.ts', 'test/e2e/disk.test.ts', 'test/e2e/clock-jumps.test.ts'],
  prove,
};

async function prove(): Promise<Outcome> {
  const names = Object.keys(REDIS_FAULTS);
  const faults: string[] = [];
  const ends = { ready: 0, gone: 0 };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of names) {
      const own = cleanup();
      try {
        const { underWay } = await outlive(own, name, FROZEN_MS);
        ends[underWay === 'ready' ? 'ready' : 'gone'] += 1;
      } catch (error) {
        if (!(error instanceof AssertionError)) throw error;
        faults.push(`${name}: ${error.message.split('\n', 1)[0]}`);
      } finally {
        await own.end();
      }
    }
  }
  return {
    done:
      `${ROUNDS} times each, a report ready and one under way: ${names.join('; ')}; ` +
      `for ${FROZEN_MS / 1_000} s where frozen; two more asked for meanwhile, three afterwards`,
    figure:
      `of ${ROUNDS * names.length} reports under way ${ends.ready} became ready, ${ends.gone} were gone with what Redis lost; ` +
      `${faults.length} asks untold, messages unrecorded or rows that differ ${faults.slice(0, 3).join('; ')}`.trimEnd(),
    met: faults.length === 0,
  };
}
