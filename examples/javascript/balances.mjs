#!/usr/bin/env node
/**
 * Balances of a day with nothing but Node: asks, follows a 202, reads NDJSON and CSV exactly.
 *
 *   MKS_GATEWAY_URL, MKS_GATEWAY_KEY   where the gateway is, and the key if it wants one
 *   usage: node balances.mjs YYYYMMDD MEMBER
 *
 * Mind: Number(amount) loses digits after the fifteenth or so; JavaScript has no decimal type. Sums are made of BigInt here.
 * Mind: split('\n') is right for NDJSON and wrong for CSV, whose cells may hold line breaks.
 */
const { MKS_GATEWAY_URL: URL_OF_GATEWAY = 'http://127.0.0.1:3000', MKS_GATEWAY_KEY: key } =
  process.env;
const TIMEOUT_MS = 10_000;
/** Shorter than the time-out above. */
const prefer = `wait=${process.env.WAIT ?? 8}`;

/** A failure as the gateway tells it (RFC 9457). Go by the type; the texts are for people. */
class Problem extends Error {
  constructor(document) {
    super(document.detail ?? document.title);
    this.type = document.type;
    this.document = document;
  }
}

async function ask(path, { headers, timeoutMs = TIMEOUT_MS, ...init } = {}) {
  const response = await fetch(URL_OF_GATEWAY + path, {
    ...init,
    headers: { ...headers, ...(key && { Authorization: `Bearer ${key}` }) },
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (!response.ok) throw new Problem(await response.json());
  return response;
}

/** The path of the ready report. */
async function reportOf(processDate, member) {
  const answer = await ask('/balances', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/x-ndjson', Prefer: prefer },
    body: JSON.stringify({ processDate, member }),
  });
  await answer.body.cancel();
  const path = answer.headers.get('location');
  for (let isReady = answer.status === 200; !isReady;) {
    const report = await (await ask(path, { headers: { Prefer: prefer } })).json();
    if (!['queued', 'preparing', 'ready'].includes(report.state)) {
      throw new Problem(report.problem ?? { type: 'about:blank', title: report.state });
    }
    isReady = report.state === 'ready';
  }
  return path;
}

/** The sum of decimal texts, every digit of it. */
function total(amounts) {
  const parts = amounts.map((amount) => amount.split('.'));
  const scale = Math.max(0, ...parts.map(([, fraction = '']) => fraction.length));
  const sum = parts.reduce(
    (before, [whole, fraction = '']) => before + BigInt(whole + fraction.padEnd(scale, '0')),
    0n,
  );
  const digits = String(sum < 0n ? -sum : sum).padStart(scale + 1, '0');
  const point = digits.length - scale;
  const text = scale === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
  return sum < 0n ? `-${text}` : text;
}

/** RFC 4180: quoted cells hold commas, line breaks and doubled quotes. */
function readCsv(text) {
  const rows = [[]];
  for (const [, quoted, plain, end] of text.matchAll(
    /(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|$)/g,
  )) {
    rows.at(-1).push(quoted?.replaceAll('""', '"') ?? plain);
    if (end !== ',') rows.push([]);
  }
  const [names, ...cells] = rows.filter((row) => row.length > 1);
  return cells.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at]])));
}

async function main(date, member) {
  const path = await reportOf(date, member);
  const timeoutMs = 600_000;
  const lines = await (await ask(`${path}/rows?format=ndjson`, { timeoutMs })).text();
  const rows = lines
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const cells = readCsv(await (await ask(`${path}/rows?format=csv`, { timeoutMs })).text());
  console.log(`report ${path.replace('/balances/', '')}`);
  console.log(`rows ${rows.length}`);
  console.log(`ndjson total ${total(rows.map((row) => row.balanceAmount))}`);
  console.log(`csv total ${total(cells.map((row) => row.BAKIYE))}`);
}

try {
  await main(...process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  if (error.type === '/problems/outside-service-hours') {
    console.error(`MKS opens at ${error.document.opensAt}`);
    process.exitCode = 3;
  } else {
    console.error(`problem ${error.type}: ${error.message}`);
    process.exitCode = 1;
  }
}
