/** Comparing against an oracle that holds everything in memory, and what is left on the disk. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { compare, type ComparisonTask } from '../../src/reconciliation/compare.ts';
import { closeScratch, openScratch, readPiece } from '../../src/reconciliation/scratch.ts';
import { createRowWriter } from '../../src/reports/spool/row-writer.ts';
import { FIELD_NAMES } from '../../src/rows/columns.ts';
import { anySign } from '../support/any-sign.ts';
import { temporaryFolder } from '../support/folder.ts';

type Row = Record<(typeof FIELD_NAMES)[number], string>;
const POSITION = FIELD_NAMES.slice(2, 8);

const value = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('', '1', '10', 'SERB', 'Ğİş', 'TRAGARAN91N1') },
  { weight: 1, arbitrary: fc.string({ maxLength: 5, unit: anySign }) },
);
const amount = fc.oneof(
  fc.constantFrom('0', '0.0', '1', '1.0', '1.00', '-1', '10.5'),
  fc.stringMatching(/^-?\d{1,25}(\.\d{1,30})?$/),
);
const row = fc
  .tuple(value, value, value, value, value, value, amount)
  .map(([mbrAccNo, subAccCode, secClassCode, mic, isin, addDefCode, balanceAmount]): Row => ({
    balanceDate: '20250505',
    mbrId: 'TIB',
    mbrAccNo,
    subAccCode,
    secClassCode,
    mic,
    isin,
    addDefCode,
    balanceAmount,
  }));

async function sealed(folder: string, rows: readonly Row[], name: string, lines = jsonLine) {
  const file = { path: join(folder, name), key: randomBytes(32), context: name };
  const writer = await createRowWriter(file);
  if (rows.length > 0) await writer.write(Buffer.from(rows.map(lines).join('')));
  await writer.finish();
  return file;
}
const jsonLine = (each: Row): string => `${JSON.stringify(each)}\n`;

async function run(folder: string, task: Pick<ComparisonTask, 'from' | 'to' | 'rowCount'>) {
  const into = openScratch(folder);
  try {
    const { counts, pieces } = await compare({ ...task, folder, into });
    const text = pieces.map((piece) => readPiece(into, piece).toString()).join('');
    const lines = text.split('\n').slice(0, -1);
    return { counts, changes: lines.map((line) => JSON.parse(line) as Record<string, string>) };
  } finally {
    closeScratch(into);
  }
}

/** Over 60 places. */
function units(text: string): bigint {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  return BigInt(whole + fraction.padEnd(60, '0')) * (text.startsWith('-') ? -1n : 1n);
}

function totals(rows: readonly Row[]): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const each of rows) {
    const position = JSON.stringify(POSITION.map((name) => each[name]));
    sums.set(position, (sums.get(position) ?? 0n) + units(each.balanceAmount));
  }
  return sums;
}

test('every difference is found, exactly, whatever the rows and however many shelves', async () => {
  const folder = await temporaryFolder();
  const rows = fc.array(row, { maxLength: 30 });
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(rows, rows, fc.constantFrom(1, 100_000), async (left, right, rowCount) => {
      const both = [...left, ...right.slice(0, 3)];
      runs += 1;
      const from = await sealed(folder, both, `${runs}.from`);
      const to = await sealed(folder, right, `${runs}.to`);
      const { counts, changes } = await run(folder, { from: [from], to: [to], rowCount });

      const [before, after] = [totals(both), totals(right)];
      const expected = { added: 0, removed: 0, changed: 0, same: 0 };
      for (const position of new Set([...before.keys(), ...after.keys()])) {
        const [old, now] = [before.get(position), after.get(position)];
        if (old === undefined) expected.added += 1;
        else if (now === undefined) expected.removed += 1;
        else if (old === now) expected.same += 1;
        else expected.changed += 1;
      }
      assert.deepEqual(counts, expected);
      assert.equal(changes.length, expected.added + expected.removed + expected.changed);
      for (const change of changes) {
        const position = JSON.stringify(POSITION.map((name) => change[name]));
        const [old, now] = [before.get(position), after.get(position)];
        assert.equal(change['before'] && units(change['before']), old);
        assert.equal(change['after'] && units(change['after']), now);
        assert.equal(units(change['difference'] ?? ''), (now ?? 0n) - (old ?? 0n));
        const word = old === undefined ? 'added' : now === undefined ? 'removed' : 'changed';
        assert.equal(change['change'], word);
      }
    }),
    { numRuns: 60 },
  );
});

test('differences come sorted by position, whichever shelf they lay on', async () => {
  const folder = await temporaryFolder();
  const rows = Array.from({ length: 3_000 }, (_, n): Row => ({
    ...blank,
    mbrAccNo: String((n * 7919) % 3_000).padStart(5, '0'),
    isin: n % 2 === 0 ? 'A' : 'B',
  }));
  const to = await sealed(folder, rows, 'to');
  const { changes } = await run(folder, { from: [], to: [to], rowCount: 900_000 });
  assert.equal(changes.length, 3_000);
  const positions = changes.map(({ mbrAccNo, isin }) => `${mbrAccNo} ${isin}`);
  assert.deepEqual(positions, positions.toSorted());
});

test('a position is the same however its JSON was written', async () => {
  const folder = await temporaryFolder();
  const each = { ...blank, addDefCode: 'a/b A' };
  const odd = () =>
    jsonLine(each)
      .replace('a/b A', String.raw`a\/b \u0041`)
      .replace('"balanceAmount":"1"', '"balanceAmount":"1.000"');
  const from = await sealed(folder, [each], 'from');
  const to = await sealed(folder, [each], 'to', odd);
  const { counts } = await run(folder, { from: [from], to: [to], rowCount: 2 });
  assert.deepEqual(counts, { added: 0, removed: 0, changed: 0, same: 1 });
});

test('several files are one side, and nothing stays in the folder', async () => {
  const folder = await temporaryFolder();
  const scratch = join(folder, 'scratch');
  const one = await sealed(folder, [blank], 'one');
  const two = await sealed(folder, [{ ...blank, balanceAmount: '2.50' }], 'two');
  const into = openScratch(scratch);
  const { pieces } = await compare({
    from: [],
    to: [one, two],
    rowCount: 2,
    folder: scratch,
    into,
  });
  const [piece] = pieces;
  assert.ok(piece !== undefined);
  const change = JSON.parse(readPiece(into, piece).toString()) as Record<string, string>;
  assert.equal(change['after'], '3.50');
  assert.deepEqual(readdirSync(scratch), [], 'a scratch file has no name');
  closeScratch(into);
});

const blank: Row = {
  balanceDate: '20250505',
  mbrId: 'TIB',
  mbrAccNo: '1',
  subAccCode: '',
  secClassCode: '',
  mic: '',
  isin: '',
  addDefCode: '',
  balanceAmount: '1',
};
