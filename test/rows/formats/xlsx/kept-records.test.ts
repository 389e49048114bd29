/** From bytes to bytes it is the same XML as by way of texts, whatever the cells are and however the pieces are cut. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  array,
  assert as assertProperty,
  asyncProperty,
  boolean,
  constantFrom,
  integer,
  oneof,
  record,
  string,
} from 'fast-check';
import { FIELD_NAMES } from '../../../../src/rows/columns.ts';
import { keptRecords } from '../../../../src/rows/formats/xlsx/kept-records.ts';
import { type SheetRecords, textRecords } from '../../../../src/rows/formats/xlsx/records.ts';
import { anySign } from '../../../support/any-sign.ts';
import { lineOf } from '../../../support/kept-lines.ts';
import { HOSTILE_AMOUNTS, HOSTILE_TEXTS } from '../../../support/spreadsheet-cells.ts';
import { countTurns } from '../../../support/turns.ts';

const AMOUNT = FIELD_NAMES.length - 1;
const COLUMNS = FIELD_NAMES.map((name, at) => ({ name, width: 9, isAmount: at === AMOUNT }));
/** Every length of a number of a line, two of them in one piece. */
const FIRST_LINES = [2, 9, 99, 999, 9_999, 99_999, 999_999, 1_048_000];

const cell = oneof(
  string({ unit: constantFrom('A', '0', '&', '<', '>', '_', 'x', '"', '\\', 'İ', '\n', '\ufffe') }),
  string({ unit: 'grapheme', maxLength: 20 }),
  string({ unit: anySign, maxLength: 20 }),
  constantFrom(...HOSTILE_TEXTS, '\ud800', '_x0041_', '\uffff', '\uff01', '\b\f\u0000'),
  constantFrom(...[32_767, 32_768, 150_000].flatMap((n) => ['x'.repeat(n), '&'.repeat(n)])),
);
const amount = oneof(
  string({ unit: constantFrom('0', '1', '.', '-'), maxLength: 18 }),
  constantFrom(...HOSTILE_AMOUNTS),
);
const row = record({
  texts: array(cell, { minLength: AMOUNT, maxLength: AMOUNT }),
  amount,
  isOdd: boolean(),
  endsPiece: boolean(),
});

/** What the records become, asked for as a sheet with so much room asks. */
async function xmlOf(records: SheetRecords, firstLine: number, most: number): Promise<string> {
  let xml = '';
  let line = firstLine;
  while (!(await records.isAtEnd())) {
    const taken = records.take(line, most);
    assert.ok(taken.records > 0 && taken.records <= most, `${taken.records} of ${most}`);
    xml += taken.xml.toString();
    line += taken.records;
  }
  return xml;
}

async function* one<T>(value: T): AsyncGenerator<T> {
  yield value;
}

test('any cells, in lines that are as they are kept and others', async () => {
  await assertProperty(
    asyncProperty(
      array(row, { minLength: 1, maxLength: 8 }),
      constantFrom(...FIRST_LINES),
      integer({ min: 1, max: 9 }),
      async (rows, firstLine, most) => {
        const cells = rows.map(({ texts, amount: last }) => [...texts, last]);
        const pieces = [''];
        for (const [at, { isOdd, endsPiece }] of rows.entries()) {
          pieces.push(`${pieces.pop()}${lineOf(cells[at] as string[], isOdd)}`);
          if (endsPiece) pieces.push('');
        }
        const bytes = pieces.map((piece) => Buffer.from(piece));
        const kept = keptRecords(
          COLUMNS,
          (async function* () {
            yield* bytes;
          })(),
        );
        const expected = textRecords(COLUMNS, one(structuredClone(cells)));
        assert.equal(await xmlOf(kept, firstLine, most), await xmlOf(expected, firstLine, most));
      },
    ),
  );
});

test('what is taken at a time has a turn of the event loop of its own, whoever reads', async (t) => {
  const cells = FIELD_NAMES.map((_, at) => String(at));
  const piece = Buffer.from(lineOf(cells, false).repeat(2_000));
  const turns = countTurns(t);
  const readings = Array.from({ length: 8 }, async () => {
    const records = keptRecords(COLUMNS, one(piece));
    const at: number[] = [];
    for (let line = 2; !(await records.isAtEnd()); at.push(turns())) {
      line += records.take(line, 10_000).records;
    }
    return at;
  });
  const seen = (await Promise.all(readings)).flat();
  assert.ok(seen.length >= 8 * 5, `${seen.length} times`);
  assert.equal(new Set(seen).size, seen.length);
});
