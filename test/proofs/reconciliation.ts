/**
 * Changes and checks beside DuckDB, which reads the same and adds up in whole numbers of any length:
 * `npm run proof:reconciliation`. `PAIRS` (1,000), `DAYS` (25) and `SEED` may be set; `npm test` tries 100 and 4.
 *
 * Exits with 1 where they disagree on a break, an amount, a difference, a cause or a count.
 */
import { daysOverHttp } from '../support/truth/http.ts';
import { provePairs } from '../support/truth/prove.ts';

const SHOWN_MAX = 20;
const numberOf = (name: string, otherwise: number): number =>
  Number(process.env[name] ?? otherwise);

const seed = numberOf('SEED', Date.now() % 1_000_000_000);
const [pairs, days] = [numberOf('PAIRS', 1_000), numberOf('DAYS', 25)];
let wrong = 0;
const endings: (() => unknown)[] = [];

try {
  console.log(`SEED=${seed}`);
  const seeds = Array.from({ length: pairs }, (_, at) => seed + at);
  const { differences, causes, digits } = await provePairs(seeds, tell);
  console.log(
    `${pairs} pairs; breaks ${JSON.stringify(differences)}, causes ${JSON.stringify(causes)}, ${digits} digits at most`,
  );
  await daysOverHttp(
    { after: (end) => void endings.unshift(end as () => unknown) },
    days,
    seed,
    tell,
  );
  console.log(`${days} days over HTTP`);
  console.log(`${wrong} differences from DuckDB`);
} finally {
  for (const end of endings) await end();
}
process.exitCode = wrong === 0 ? 0 : 1;

function tell(disagreement: string): void {
  wrong += 1;
  if (wrong <= SHOWN_MAX) console.log(`  ${disagreement}`);
}
