/** Promise 17: nothing grows, however long it runs. `SOAK_MINUTES=2` is a look, too short for a verdict on slopes. */
import { writeFileSync } from 'node:fs';
import { svgOf } from '../../bench/support/svg.ts';
import { soak } from '../support/soak/soak.ts';
import { faultsOf, judge, plotOf } from '../support/soak/verdict.ts';
import { cleanup, type Outcome, type Proof } from './proof.ts';

const MINUTES = Number(process.env['SOAK_MINUTES'] ?? 20);
/** Of those, for the reports to be forgotten and for the end. */
const SETTLING_MINUTES = 2.5;
const SLOPES_FROM_MINUTES = 5;
/** A second, to both replicas together. */
const RATE = 4;
const PLOT = new URL('../../docs/images/soak.svg', import.meta.url);

export const proof: Proof = {
  number: 17,
  promise: 'stable',
  small: ['test/e2e/soak.test.ts'],
  prove,
};

async function prove(seed: number): Promise<Outcome> {
  const ends = cleanup();
  try {
    const loadMinutes = Math.max(MINUTES - SETTLING_MINUTES, MINUTES / 2);
    const seconds = loadMinutes * 60;
    const soaked = await soak(ends, {
      seconds,
      seed,
      rate: RATE,
      everyMs: 5_000,
      retentionSeconds: Math.min(60, seconds / 4),
    });
    const outcomes = [...soaked.outcomes].toSorted(([a], [b]) => (a < b ? -1 : 1));
    for (const [outcome, times] of outcomes) console.log(`${String(times).padStart(6)} ${outcome}`);
    for (const surprise of soaked.surprises) console.log(surprise);
    for (const [n, lines] of soaked.health.entries()) {
      const looked = lines.filter(({ liveMb }) => liveMb !== undefined);
      const course = looked.map(
        ({ rssMb, liveMb = 0, codeMb = 0 }) =>
          `${rssMb.toFixed(0)}/${liveMb.toFixed(1)}/${codeMb.toFixed(1)}`,
      );
      console.log(
        `replica ${n + 1}, MB of the machine/alive/code, three times a minute: ${course.join(' ')}`,
      );
    }
    writeFileSync(PLOT, svgOf(plotOf(soaked)));
    const { figures, faults } =
      loadMinutes < SLOPES_FROM_MINUTES
        ? { figures: ['too short for slopes'], faults: faultsOf(soaked) }
        : judge(soaked, loadMinutes / 3);
    const calls = outcomes.reduce((sum, [, times]) => sum + times, 0);
    const { messages, faults: spoilt, left } = soaked;
    const [trail = ''] = /\d+ entries/.exec(left.trail) ?? [];
    return {
      done:
        `${MINUTES} minutes: ${calls} calls of 11 kinds to 2 replicas, ${messages} messages to MKS, ${spoilt} of them spoilt in 17 ways ` +
        `([the course](images/soak.svg))`,
      figure:
        `${figures.join(', ')} (last third over first, after ${(loadMinutes / 3).toFixed(1)} minutes); ${soaked.surprises.length} surprises, ${soaked.tooBusy} told to come again; ` +
        `at the end no report's key or file left, ${trail} of the trail proved. ${faults.join('; ')}`.trimEnd(),
      met: faults.length === 0,
    };
  } finally {
    await ends.end();
  }
}
