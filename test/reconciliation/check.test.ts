/** A ledger against rows, with causes, beside an oracle that holds everything in memory. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { checkLedger } from '../../src/reconciliation/check.ts';
import {
  closeScratch,
  createScratchWriter,
  openScratch,
  readPieces,
} from '../../src/reconciliation/scratch.ts';
import { createRowWriter } from '../../src/reports/spool/row-writer.ts';
import { temporaryFolder } from '../support/folder.ts';

type Row = Record<string, string>;
const POSITION = ['mbrAccNo', 'subAccCode', 'secClassCode', 'mic', 'isin', 'addDefCode'];

const row = fc
  .record({
    mbrAccNo: fc.constantFrom('1', '10', 'Ğİş'),
    subAccCode: fc.constantFrom('A', 'B'),
    mic: fc.constantFrom('', 'XIST'),
    isin: fc.constantFrom('T1', 'T2', 'T"3'),
    balanceAmount: fc.oneof(
      fc.constantFrom('0', '1', '2', '-1', '1.00', '3', '0.004'),
      fc.stringMatching(/^-?[1-9]\d{3,25}(\.\d{1,30})?$/),
    ),
  })
  .map((each): Row => ({ ...each, secClassCode: '', addDefCode: '' }));

/** Over 60 places. */
function units(text: string): bigint {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  return BigInt(whole + fraction.padEnd(60, '0')) * (text.startsWith('-') ? -1n : 1n);
}

interface Group {
  ledger?: bigint;
  mks?: bigint;
  row: Row;
}

/** By the rules as they are told, in the shortest way. */
function oracle(ledger: readonly Row[], rows: readonly Row[], fields: readonly string[]) {
  const groups = new Map<string, Group>();
  for (const [side, list] of [
    ['ledger', ledger],
    ['mks', rows],
  ] as const) {
    for (const each of list) {
      const position = JSON.stringify(fields.map((name) => each[name]));
      const group = groups.get(position) ?? { row: each };
      group[side] = (group[side] ?? 0n) + units(each['balanceAmount'] ?? '');
      groups.set(position, group);
    }
  }
  return groups;
}

const differenceOf = ({ ledger = 0n, mks = 0n }: Group): bigint => ledger - mks;

function causeOf(
  group: Group,
  breaks: readonly Group[],
  sides: readonly Row[][],
): string | undefined {
  const known = sides.filter((list) =>
    list.some((each) => each['mbrAccNo'] === group.row['mbrAccNo']),
  );
  const unknown = known.length === 1 ? 'unknown-account' : undefined;
  if (differenceOf(group) === 0n) return unknown;
  const ofIsin = breaks.filter(({ row: each }) => each['isin'] === group.row['isin']);
  const ofAccount = ofIsin.filter(({ row: each }) => each['mbrAccNo'] === group.row['mbrAccNo']);
  const cancels = (some: readonly Group[]): boolean =>
    some.filter((each) => differenceOf(each) !== 0n).length > 1 &&
    some.reduce((sum, each) => sum + differenceOf(each), 0n) === 0n;
  if (cancels(ofAccount)) return 'sub-account';
  if (cancels(ofIsin)) return 'account';
  const [one] = ofIsin;
  const isRatio =
    ofIsin.length > 1 &&
    ofIsin.every(
      ({ ledger = 0n, mks = 0n }) =>
        ledger !== 0n && mks !== 0n && ledger * (one?.mks ?? 0n) === mks * (one?.ledger ?? 0n),
    );
  return isRatio ? 'ratio' : unknown;
}

async function run(
  folder: string,
  text: string,
  rows: readonly Row[],
  rowCount: number,
  tolerance?: string,
) {
  const name = randomBytes(8).toString('hex');
  const file = { path: join(folder, name), key: randomBytes(32), context: name };
  const writer = await createRowWriter(file);
  const kept = rows.map((each) => {
    const { balanceAmount, ...position } = each;
    const named = Object.fromEntries(POSITION.map((field) => [field, position[field]]));
    return `${JSON.stringify({ balanceDate: '', mbrId: '', ...named, balanceAmount })}\n`;
  });
  if (kept.length > 0) await writer.write(Buffer.from(kept.join('')));
  await writer.finish();
  const [scratch, into] = [openScratch(folder), openScratch(folder)];
  try {
    const pieces = [createScratchWriter(scratch)(Buffer.from(text))];
    const ledger = { scratch, pieces, bytes: Buffer.byteLength(text) };
    const task = { ledger, rows: [file], rowCount, folder, into };
    const checked = await checkLedger(tolerance === undefined ? task : { ...task, tolerance });
    const lines = [...readPieces(into, checked.pieces)].map(String).join('').split('\n');
    return { ...checked, breaks: lines.slice(0, -1).map((each) => JSON.parse(each) as Row) };
  } finally {
    closeScratch(scratch);
    closeScratch(into);
  }
}

function textOf(rows: readonly Row[], fields: readonly string[]): string {
  const cells = [...fields, 'balanceAmount'];
  const lines = rows.map((each) =>
    cells.map((name) => `"${each[name]?.replaceAll('"', '""')}"`).join(','),
  );
  return [cells.join(','), ...lines].join('\n');
}

test('every break is found with its cause, exactly, whatever the columns and however many shelves', async (t) => {
  const folder = await temporaryFolder();
  const causes = new Map<string, number>();
  const shape = fc.record({
    own: fc.array(row, { maxLength: 14 }),
    shared: fc.array(row, { maxLength: 6 }),
    ratio: fc.option(fc.constantFrom('T1', 'T2'), { nil: undefined }),
    mks: fc.array(row, { maxLength: 4 }),
    rowCount: fc.constantFrom(1, 100_000),
    hasMic: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(shape, async ({ own, shared, ratio, mks, rowCount, hasMic }) => {
      const fields = hasMic ? POSITION : ['mbrAccNo', 'subAccCode', 'isin'];
      const split = ratio === undefined ? [] : shared.filter((each) => each['isin'] === ratio);
      const ledger = [...own.slice(0, 3), ...shared];
      const rows = [...mks, ...shared, ...split];
      const { breaks, counts } = await run(folder, textOf(ledger, fields), rows, rowCount);
      const groups = [...oracle(ledger, rows, fields).values()];
      const expected = groups.filter(
        (each) => each.ledger === undefined || each.mks === undefined || differenceOf(each) !== 0n,
      );
      assert.equal(counts.matched, groups.length - expected.length);
      const told = new Map(
        breaks.map((each) => [JSON.stringify(fields.map((name) => each[name])), each]),
      );
      assert.equal(told.size, expected.length);
      assert.equal(breaks.length, expected.length);
      for (const group of expected) {
        const found = told.get(JSON.stringify(fields.map((name) => group.row[name]))) ?? {};
        assert.equal(found['ledger'] && units(found['ledger']), group.ledger);
        assert.equal(found['mks'] && units(found['mks']), group.mks);
        assert.equal(units(found['difference'] ?? ''), differenceOf(group));
        assert.equal('mic' in found, hasMic);
        const cause = causeOf(group, expected, [ledger, rows]);
        assert.equal(found['cause'], cause, JSON.stringify({ ledger, rows, found }));
        causes.set(cause ?? 'none', (causes.get(cause ?? 'none') ?? 0) + 1);
      }
    }),
    { numRuns: 150 },
  );
  t.diagnostic(JSON.stringify(Object.fromEntries(causes)));
});

const head = 'HESAP;ALT_HESAP;ISIN;BAKIYE\n';
const at = (mbrAccNo: string, subAccCode: string, isin: string, balanceAmount: string): Row => ({
  mbrAccNo,
  subAccCode,
  secClassCode: '',
  mic: '',
  isin,
  addDefCode: '',
  balanceAmount,
});

test('causes by rule, the first that holds', async () => {
  const folder = await temporaryFolder();
  const cases: [string, string, Row[], (string | undefined)[]][] = [
    [
      'moved between sub-accounts',
      '1;A;T;5\n1;B;T;0\n',
      [at('1', 'A', 'T', '2'), at('1', 'B', 'T', '3')],
      ['sub-account', 'sub-account'],
    ],
    [
      'moved between accounts',
      '1;A;T;5\n2;A;T;0\n',
      [at('1', 'A', 'T', '2'), at('2', 'A', 'T', '3')],
      ['account', 'account'],
    ],
    [
      'a split',
      '1;A;T;10\n2;A;T;7\n',
      [at('1', 'A', 'T', '20'), at('2', 'A', 'T', '14')],
      ['ratio', 'ratio'],
    ],
    ['one break is no ratio', '1;A;T;10\n', [at('1', 'A', 'T', '20')], [undefined]],
    [
      'an account of one side',
      '9;A;T;10\n',
      [at('1', 'A', 'T', '1')],
      ['unknown-account', 'unknown-account'],
    ],
    [
      'another position of a known account',
      '1;A;T;1\n1;A;U;5\n',
      [at('1', 'A', 'T', '1')],
      [undefined],
    ],
  ];
  for (const [name, text, rows, expected] of cases) {
    const { breaks } = await run(folder, head + text, rows, 2);
    assert.deepEqual(
      breaks.map((each) => each['cause']),
      expected,
      name,
    );
  }
});

test('a difference as large as the tolerance is a break, a smaller one is counted', async () => {
  const folder = await temporaryFolder();
  const text = `${head}1;A;T;1,01\n2;A;T;1,009\n3;A;T;0,001\n`;
  const rows = [at('1', 'A', 'T', '1'), at('2', 'A', 'T', '1'), at('4', 'A', 'T', '-0.0099')];
  const { counts, breaks } = await run(folder, text, rows, 3, '0.01');
  assert.deepEqual(counts, {
    matched: 3,
    withinTolerance: 3,
    onlyInLedger: 0,
    onlyAtMks: 0,
    different: 1,
  });
  assert.equal(breaks[0]?.['difference'], '0.01');
});
