#!/usr/bin/env node
/**
 * Balances of a day with the typed client in client/, which is generated from the gateway's OpenAPI document.
 *
 *   MKS_GATEWAY_URL, MKS_GATEWAY_KEY   where the gateway is, and the key if it wants one
 *   usage: node typed.ts YYYYMMDD MEMBER        (Node 24 or newer runs it as it is)
 *
 * Copy the folder client/, or make your own: openapi-ts.config.mjs says how.
 * Mind: Number(amount) loses digits; the amounts are text, and the type says so.
 */
import { createClient } from './client/client/index.ts';
import { createBalances, readBalances, type BalanceRow, type Problem } from './client/index.ts';

const { MKS_GATEWAY_URL, MKS_GATEWAY_KEY, WAIT = '8' } = process.env;
const client = createClient({
  baseUrl: MKS_GATEWAY_URL ?? 'http://127.0.0.1:3000',
  ...(MKS_GATEWAY_KEY !== undefined && { headers: { Authorization: `Bearer ${MKS_GATEWAY_KEY}` } }),
});
/** Shorter than the time-out of what stands between. */
const headers = { Prefer: `wait=${WAIT}` };

class Refused extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

/** The id of the ready report. */
async function reportOf(processDate: string, member: string): Promise<string> {
  const asked = await createBalances({ client, body: { processDate, member }, headers });
  if (asked.data === undefined) throw new Refused(asked.error);
  const { id } = asked.data;
  // Of the rows that came at once nothing is used here: they are read below as NDJSON, line by line.
  let isReady = 'rows' in asked.data;
  while (!isReady) {
    const report = await readBalances({ client, path: { id }, headers });
    if (report.data === undefined) throw new Refused(report.error);
    const { state, problem } = report.data;
    isReady = state === 'ready';
    if (problem !== undefined) throw new Refused(problem);
    if (!isReady && state !== 'queued' && state !== 'preparing') throw new Error(state);
  }
  return id;
}

/** The function readRows knows JSON; the client beneath takes the other formats. */
async function linesOf(id: string): Promise<BalanceRow[]> {
  const lines = await client.get<{ 200: string }, { default: Problem }>({
    url: '/balances/{id}/rows',
    path: { id },
    query: { format: 'ndjson' },
    parseAs: 'text',
  });
  if (lines.data === undefined) throw new Refused(lines.error);
  return lines.data
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as BalanceRow);
}

try {
  const [date = '', member = ''] = process.argv.slice(2);
  const id = await reportOf(date, member);
  const rows = await linesOf(id);
  console.log(`report ${id}\nrows ${rows.length}`);
  for (const { mbrAccNo, isin, balanceAmount } of rows.slice(0, 3)) {
    console.log(`${mbrAccNo} ${isin} ${balanceAmount}`);
  }
} catch (error) {
  if (!(error instanceof Refused)) throw error;
  const { type, opensAt } = error.problem;
  if (type === '/problems/outside-service-hours') {
    console.error(`MKS opens at ${opensAt}`);
    process.exitCode = 3;
  } else {
    console.error(`problem ${type}: ${error.message}`);
    process.exitCode = 1;
  }
}
