/** Pairs by the gateway and by DuckDB, and where they disagree. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Row } from '../../../sandbox/data/columns.ts';
import { csvBytes } from '../../../sandbox/data/file-bytes.ts';
import * as duckdb from './duckdb.ts';
import * as ours from './ours.ts';
import { createPair, type Pair, POSITION } from './pairs.ts';

/** What the pairs held, for who wonders whether they tried anything. */
export interface Tried {
  pairs: number;
  differences: Record<string, number>;
  causes: Record<string, number>;
  /** Of the amounts with the most digits. */
  digits: number;
}

/** @param take told each disagreement. @returns what was tried. */
export async function provePairs(
  seeds: Iterable<number>,
  take: (disagreement: string) => void,
): Promise<Tried> {
  const folder = mkdtempSync(join(tmpdir(), 'truth-'));
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  const tried: Tried = { pairs: 0, differences: {}, causes: {}, digits: 0 };
  try {
    await duckdb.prepare(connection);
    for (const seed of seeds) {
      const pair = createPair(seed);
      for (const told of await disagreements(pair, folder, connection, tried)) {
        take(`SEED=${seed}: ${told}`);
      }
      tried.pairs += 1;
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
    rmSync(folder, { recursive: true });
  }
  return tried;
}

type Connection = Parameters<typeof duckdb.prepare>[0];

async function disagreements(
  pair: Pair,
  folder: string,
  connection: Connection,
  tried: Tried,
): Promise<string[]> {
  const { before, after, ledger } = pair;
  const path = (name: string): string => join(folder, name);
  writeFileSync(path('before'), ndjson(before.rows));
  writeFileSync(path('after'), ndjson(after.rows));
  // DuckDB reads no windows-1254 without fetching an extension.
  const utf8 = { ...ledger.shape, csvCharset: 'utf-8' } as const;
  const text = await Array.fromAsync(csvBytes(ledger.lines, utf8, ledger.columns));
  writeFileSync(path('ledger'), Buffer.concat(text));
  await duckdb.readRows(connection, 'before', path('before'));
  await duckdb.readRows(connection, 'after', path('after'));
  await duckdb.readLedger(connection, path('ledger'), ledger.columns, ledger.shape);

  const [from, to] = [await ours.keepReport(folder, before), await ours.keepReport(folder, after)];
  const changes = await ours.changes(folder, from, to, pair.toldRowCount);
  const check = await ours.check(folder, to, pair);
  rmSync(from.path);
  rmSync(to.path);
  const fields = POSITION.filter((name) => ledger.columns.some(({ field }) => field === name));
  note(tried, pair, check);
  return [
    ...unlike('changes', changes, await duckdb.changes(connection)),
    ...unlike('check', check, await duckdb.check(connection, fields, pair.tolerance)),
    ...(fields.join() === check.compared.join() ? [] : [`compared ${check.compared.join()}`]),
  ];
}

export function unlike(what: string, is: duckdb.Told, shouldBe: duckdb.Told): string[] {
  const [one, other] = [is.counts, shouldBe.counts].map((counts) =>
    JSON.stringify(Object.entries(counts).toSorted(([a], [b]) => (a < b ? -1 : 1))),
  );
  const counts = one === other ? [] : [`${what}: counts ${one}, should be ${other}`];
  const positions = new Set([...is.found.keys(), ...shouldBe.found.keys()]);
  const found = [...positions].flatMap((position) => {
    const [a, b] = [is.found.get(position)?.join(), shouldBe.found.get(position)?.join()];
    return a === b ? [] : [`${what}: ${position} is ${a}, should be ${b}`];
  });
  return [...counts, ...found];
}

function note(tried: Tried, { ledger, after }: Pair, { found }: duckdb.Told): void {
  for (const [kind, , , cause] of found.values()) {
    tried.differences[kind] = (tried.differences[kind] ?? 0) + 1;
    if (cause !== '') tried.causes[cause] = (tried.causes[cause] ?? 0) + 1;
  }
  for (const { balanceAmount } of [...ledger.lines, ...after.rows]) {
    tried.digits = Math.max(tried.digits, balanceAmount.replaceAll(/[-.]/g, '').length);
  }
}

function ndjson(rows: readonly Row[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}
