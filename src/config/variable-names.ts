/** The names of the environment's variables: one that is nearly ours is a mistake, and told as such. */
import type { Findings } from './findings.ts';

/** Who sets a variable that begins like this means the gateway. */
const OURS =
  /^(?:MKS|SERVICE_HOURS|REDIS|API|TLS|RATE|BALANCES|REPORT|CHECK|TRAIL|OPERATIONS|SEALING|STANDING)(?:_|$)/;
/** Of the command line. */
const OTHERS = new Set(['MKS_GATEWAY_URL', 'MKS_GATEWAY_KEY', 'MKS_LEDGER_PASSWORD']);
/** What Kubernetes tells containers of each service of its namespace, e.g. of one named `redis`. */
const SERVICE_LINK =
  /_SERVICE_(?:HOST|PORT(?:_[A-Z0-9_]+)?)$|_PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?$/;
const SERVICE_ADDRESS = /^(?:tcp|udp|sctp):\/\//;

/**
 * Notes each variable that is set, begins like ours and is none: with a misspelt name the default
 * would count, and nobody would know.
 * @param known the names of the schema.
 */
export function noteUnknownNames(
  env: NodeJS.ProcessEnv,
  known: readonly string[],
  findings: Findings,
): void {
  for (const [name, value = ''] of Object.entries(env)) {
    if (value === '' || !OURS.test(name) || known.includes(name) || OTHERS.has(name)) continue;
    if (SERVICE_LINK.test(name) || (name.endsWith('_PORT') && SERVICE_ADDRESS.test(value)))
      continue;
    const near = nearest(name, known);
    findings
      .variable(name)
      .mistake(
        `is not a known variable; the nearest is ${near}`,
        `bilinen bir değişken değil; en yakını ${near}`,
      );
  }
}

function nearest(name: string, known: readonly string[]): string {
  const distances = known.map((each) => ({ each, distance: misspelling(name, each) }));
  return distances.reduce((best, next) => (next.distance < best.distance ? next : best)).each;
}

/** Names are shortened more often than mistyped: RATE_LIMIT, TLS_CERT_FILE. */
const LEFT_OUT = 0.25;

/**
 * How far what was written is from what was meant: 1 for each letter too many or another one, less for
 * one that was left out.
 */
export function misspelling(written: string, meant: string): number {
  let row = Array.from({ length: meant.length + 1 }, (_, index) => index * LEFT_OUT);
  for (const [index, letter] of written.split('').entries()) {
    const next = [index + 1];
    for (const [column, opposite] of meant.split('').entries()) {
      const exchanged = (row[column] ?? 0) + (letter === opposite ? 0 : 1);
      const leftOut = (next[column] ?? 0) + LEFT_OUT;
      next.push(Math.min(exchanged, (row[column + 1] ?? 0) + 1, leftOut));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
