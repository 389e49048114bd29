/** Days of the sandbox by the gateway's routes and by DuckDB, and where they disagree. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { COLUMNS, ROW_FIELDS } from '../../../sandbox/data/columns.ts';
import { DEFAULT_SHAPE, mergeShape, type Shape } from '../../../sandbox/shape.ts';
import { type Pair as Running, rowsOf, startPair } from '../pair.ts';
import { createRandom, type Random } from '../random.ts';
import * as duckdb from './duckdb.ts';
import { foundIn } from './ours.ts';
import { POSITION } from './pairs.ts';
import { unlike } from './prove.ts';

const ROWS = 800;
const FIRST_MONDAY = Date.UTC(2025, 0, 6);
const DAY_MS = 24 * 60 * 60 * 1000;

type Document = Record<'changes' | 'breaks', Record<string, string>[]> & {
  counts: Record<string, number>;
};

/** @param take told each disagreement. */
export async function daysOverHttp(
  t: Parameters<typeof startPair>[0],
  days: number,
  seed: number,
  take: (disagreement: string) => void,
): Promise<void> {
  const random = createRandom(seed);
  const running = await startPair(t, { shape: { rows: ROWS }, seed: `${seed}` });
  const folder = mkdtempSync(join(tmpdir(), 'truth-'));
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    await duckdb.prepare(connection);
    for (let at = 0; at < days; at++) {
      const day = random.below(300);
      for (const told of await dayOverHttp(running, random, day, folder, connection)) {
        take(`SEED=${seed}, day ${day}: ${told}`);
      }
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
    rmSync(folder, { recursive: true });
  }
}

/** Changes to the next business day, and a ledger that is a day late and broken besides. */
async function dayOverHttp(
  { sandbox, ask, get, url }: Running,
  random: Random,
  day: number,
  folder: string,
  connection: Parameters<typeof duckdb.prepare>[0],
): Promise<string[]> {
  const [from, to] = [day, day + 1].map(businessDay) as [string, string];
  for (const [table, processDate] of [
    ['before', from],
    ['after', to],
  ] as const) {
    sandbox.shape.set({
      jsonAmounts: random.pick(['number', 'string']),
      jsonPretty: random.chance(0.5),
    });
    await rowsOf(await ask({ processDate }));
    const rows = sandbox.expectedRows({ member: 'TIB', processDate });
    writeFileSync(join(folder, table), [...rows].map((row) => `${JSON.stringify(row)}\n`).join(''));
    await duckdb.readRows(connection, table, join(folder, table));
  }
  const shape = randomDialect(random);
  const order = { processDate: random.pick([from, to]), lots: random.chance(0.5), ...shape };
  const ledger = Buffer.concat(await Array.fromAsync(sandbox.ledger(order).bytes()));
  writeFileSync(join(folder, 'ledger'), ledger);
  const fields = ROW_FIELDS.slice(2);
  const columns = fields.map((field) => ({ name: COLUMNS[field], field }));
  await duckdb.readLedger(
    connection,
    join(folder, 'ledger'),
    columns,
    mergeShape(DEFAULT_SHAPE, shape),
  );

  const tolerance = random.pick([undefined, '0.05']);
  const query = `processDate=${to}&ledger=back-office${tolerance === undefined ? '' : `&tolerance=${tolerance}`}`;
  const headers = { 'content-type': 'text/csv' };
  const checked = await fetch(`${url}/balances/check?${query}`, {
    method: 'POST',
    headers,
    body: ledger,
  });
  const check = (await checked.json()) as Document;
  const changes = (await (await get(`/balances/changes?from=${from}&to=${to}`)).json()) as Document;
  return [
    ...unlike(
      'changes',
      { found: foundIn(changes.changes, POSITION, 'change'), counts: changes.counts },
      await duckdb.changes(connection),
    ),
    ...unlike(
      'check',
      { found: foundIn(check.breaks, POSITION, 'break'), counts: countsOf(check) },
      await duckdb.check(connection, POSITION, tolerance),
    ),
  ];
}

function countsOf({ counts }: Document): Record<string, number> {
  const {
    matched = 0,
    withinTolerance = 0,
    onlyInLedger = 0,
    onlyAtMks = 0,
    different = 0,
  } = counts;
  return {
    same: matched - withinTolerance,
    within: withinTolerance,
    'only-in-ledger': onlyInLedger,
    'only-at-mks': onlyAtMks,
    different,
  };
}

function randomDialect(random: Random): Partial<Shape> {
  return {
    bom: random.chance(0.5),
    csvDelimiter: random.pick([';', ',', 'tab']),
    csvQuotes: random.pick(['needed', 'always']),
    csvLineEnd: random.pick(['crlf', 'lf']),
    csvDecimal: random.pick([',', '.']),
    csvGrouping: random.chance(0.5),
  };
}

function businessDay(number: number): string {
  const days = Math.floor(number / 5) * 7 + (number % 5);
  return new Date(FIRST_MONDAY + days * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '');
}
