/**
 * DuckDB on one thread: compares two files by position, exactly, and writes what differs as NDJSON, sorted.
 * `node bench/peers/duckdb-compare.ts changes FROM.ndjson TO.ndjson INTO` or `… check LEDGER.csv ROWS.ndjson INTO`
 * prints `{wallMs, cpuMs, memoryMB}`: without the start of Node, and over what it held before.
 *
 * The ledger has the columns of a position and the amount, `;` and `.`. Its causes lack the ratio, which its
 * DECIMAL of 38 digits cannot compare.
 */
import { readFileSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
import { ROW_FIELDS } from '../../sandbox/data/columns.ts';

const POSITION = ROW_FIELDS.slice(2, 8);
/** A cast to 38 digits takes 30 times as long as one to 18, so only what does not fit those gets one. */
const EXACT =
  'coalesce(try_cast(balanceAmount AS DECIMAL(18, 6))::DECIMAL(38, 6), balanceAmount::DECIMAL(38, 6))';
const [what = '', first = '', second = '', into = ''] = process.argv.slice(2);
const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
const connection = await instance.connect();
const idleMB = mostMB();
const began = performance.now();
const before = process.cpuUsage();
await connection.run(
  `COPY (${what === 'check' ? check() : changes()}) TO ${quoted(into)} (FORMAT json)`,
);
const wallMs = performance.now() - began;
const { user, system } = process.cpuUsage(before);
const memoryMB = mostMB() - idleMB;
console.log(JSON.stringify({ wallMs, cpuMs: (user + system) / 1000, memoryMB }));

function rowsOf(path: string): string {
  const columns = ROW_FIELDS.map((name) => `${name}: 'VARCHAR'`).join(', ');
  return `read_json(${quoted(path)}, format = 'newline_delimited', columns = {${columns}})`;
}

function ledgerOf(path: string): string {
  const columns = ROW_FIELDS.slice(2)
    .map((name) => `${name}: 'VARCHAR'`)
    .join(', ');
  return `read_csv(${quoted(path)}, delim = ';', quote = '"', escape = '"', header = true, auto_detect = false,
    columns = {${columns}}, force_not_null = [${POSITION.map((name) => `'${name}'`).join(', ')}], parallel = false)`;
}

function sums(source: string): string {
  return `SELECT ${POSITION.join(', ')}, sum(${EXACT}) AS amount FROM ${source} GROUP BY ALL`;
}

/** What both have of a position, where it is not the same. */
function differing(one: string, other: string): string {
  const names = POSITION.map((name) => `coalesce(one.${name}, other.${name}) AS ${name}`);
  const same = POSITION.map((name) => `one.${name} = other.${name}`).join(' AND ');
  return `SELECT ${names.join(', ')}, one.amount AS first, other.amount AS second,
    coalesce(one.amount, 0) - coalesce(other.amount, 0) AS difference
    FROM (${sums(one)}) one FULL JOIN (${sums(other)}) other ON ${same} WHERE one.amount IS DISTINCT FROM other.amount`;
}

function changes(): string {
  const kind = `CASE WHEN second IS NULL THEN 'added' WHEN first IS NULL THEN 'removed' ELSE 'changed' END`;
  return `SELECT ${kind} AS change, ${POSITION.join(', ')}, second::VARCHAR AS before, first::VARCHAR AS after,
    difference::VARCHAR AS difference FROM (${differing(rowsOf(second), rowsOf(first))}) ORDER BY ${POSITION.join(', ')}`;
}

function check(): string {
  const kind = `CASE WHEN second IS NULL THEN 'only-in-ledger' WHEN first IS NULL THEN 'only-at-mks' ELSE 'different' END`;
  const cancel = (by: string): string =>
    `count(*) OVER (PARTITION BY ${by}) > 1 AND sum(difference) OVER (PARTITION BY ${by}) = 0`;
  const cause = `CASE WHEN ${cancel('mbrAccNo, isin')} THEN 'sub-account' WHEN ${cancel('isin')} THEN 'account'
    WHEN (first IS NULL OR second IS NULL) AND count(*) FILTER (first IS NOT NULL) OVER (PARTITION BY mbrAccNo) = 0 THEN 'unknown-account' END`;
  return `SELECT ${kind} AS break, ${POSITION.join(', ')}, first::VARCHAR AS ledger, second::VARCHAR AS mks,
    difference::VARCHAR AS difference, ${cause} AS cause FROM (${differing(ledgerOf(first), rowsOf(second))})
    ORDER BY ${POSITION.join(', ')}`;
}

/** The most that was ever in memory. */
function mostMB(): number {
  const [, kibibytes] =
    /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return (Number(kibibytes) * 1024) / 1e6;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
