/** Promise 22: changes and checks beside DuckDB, which reads the same and adds up in whole numbers of any length. */
import { daysOverHttp } from '../support/truth/http.ts';
import { provePairs } from '../support/truth/prove.ts';
import { cleanup, type Outcome, type Proof } from './proof.ts';

const PAIRS = 1_000;
const DAYS = 25;
const SHOWN_MAX = 20;

export const proof: Proof = {
  number: 22,
  promise: 'a break is a break, and no other is told',
  small: ['test/reconciliation/truth.test.ts'],
  prove,
};

async function prove(seed: number): Promise<Outcome> {
  let wrong = 0;
  const tell = (disagreement: string): void => {
    wrong += 1;
    if (wrong <= SHOWN_MAX) console.error(disagreement);
  };
  const ends = cleanup();
  try {
    const seeds = Array.from({ length: PAIRS }, (_, at) => seed + at);
    const { differences, causes, digits } = await provePairs(seeds, tell);
    await daysOverHttp(ends, DAYS, seed, tell);
    const sum = (counts: Record<string, number>): string =>
      Object.values(counts)
        .reduce((total, each) => total + each, 0)
        .toLocaleString('en');
    return {
      done:
        `${PAIRS.toLocaleString('en')} random pairs of reports and ledgers in every dialect, amounts of up to ${digits} ` +
        `digits, and ${DAYS} days of the sandbox over HTTP, changes and checks of each beside DuckDB`,
      figure: `${wrong} disagreements; ${sum(differences)} breaks, ${sum(causes)} of them with a cause`,
      met: wrong === 0,
    };
  } finally {
    await ends.end();
  }
}
