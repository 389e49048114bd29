/** From bytes to bytes it is the same CSV as by way of parsed lines. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { array, assert as assertProperty, constantFrom, oneof, property, string } from 'fast-check';
import { FIELD_NAMES } from '../../../src/rows/columns.ts';
import { writeCsvLines } from '../../../src/rows/formats/csv-bytes.ts';
import { NOT_AS_KEPT } from '../../../src/rows/formats/kept-cells.ts';
import { plainLine } from '../../../src/rows/formats/csv-text.ts';
import { csv } from '../../../src/rows/formats/csv.ts';
import { rowsOf } from '../../support/desk.ts';

// The last two stand in JSON as `\u…`: a control character and half a surrogate pair.
const SIGNS = ['a', '1', ',', ';', '"', '\\', '\r', '\n', '\t', 'İ', '😀', '\u0001', '\ud83d'];
const cell = oneof(
  array(constantFrom(...SIGNS)).map((signs) => signs.join('')),
  string({ unit: 'grapheme', maxLength: 20 }),
);
const row = array(cell, { minLength: FIELD_NAMES.length, maxLength: FIELD_NAMES.length });

function line(cells: readonly string[], names: readonly string[] = FIELD_NAMES): string {
  const named = FIELD_NAMES.map((name, field): [string, string] => [name, cells[field] ?? '']);
  const byName = Object.fromEntries(named);
  return `${JSON.stringify(Object.fromEntries(names.map((name) => [name, byName[name]])))}\n`;
}

test('any cells, behind what is there, in no more room than they had', () => {
  assertProperty(
    property(array(row, { maxLength: 4 }), (rows) => {
      const piece = Buffer.from(rows.map((cells) => line(cells)).join(''));
      const target = Buffer.alloc(3 + piece.length, '-');
      const end = writeCsvLines(piece, target, 3);
      const expected = Buffer.from(rows.map((cells) => plainLine(cells)).join(''));
      assert.equal(target.toString('utf8', 0, end), `---${expected.toString()}`);
    }),
  );
});

test('lines that are not as they are kept are parsed, in their place', async () => {
  const cells = FIELD_NAMES.map((_, field) => `${field},`);
  const turned = line(cells, FIELD_NAMES.toReversed());
  const spread = line(cells).replace('{', '{ ');
  const closed = line(cells).replace('}', ' }');
  const report = { id: 'r', member: 'TIB', processDate: '20250505' };
  for (const odd of [turned, spread, closed, line(cells).trimEnd()]) {
    const piece = Buffer.from(line(cells) + odd);
    assert.equal(writeCsvLines(piece, Buffer.alloc(piece.length), 0), NOT_AS_KEPT);
    const document = csv.write(report, rowsOf([line(cells), line(cells) + odd, line(cells)], 4));
    const text = Buffer.concat(await Array.fromAsync(document)).toString();
    assert.equal(text.slice(text.indexOf('\n') + 1), plainLine(cells).repeat(4));
  }
});

test('no two names in each other’s place pass for kept ones, nor any that is not whole', () => {
  const cells = FIELD_NAMES.map((_, field) => `${field}`);
  const kept = line(cells);
  const odd = FIELD_NAMES.flatMap((name, field) => [
    ...FIELD_NAMES.slice(field + 1).map((other) =>
      kept.replace(name, '?').replace(other, name).replace('?', other),
    ),
    kept.replace(name, name.slice(0, -1)),
    kept.replace(name, name.slice(1)),
    kept.replace(name, `${name} `),
  ]);
  for (const piece of odd.map((text) => Buffer.from(text))) {
    assert.equal(writeCsvLines(piece, Buffer.alloc(piece.length), 0), NOT_AS_KEPT, String(piece));
  }
});

test('a piece that ends within a line is not as it is kept, wherever that is', () => {
  const whole = Buffer.from(line(FIELD_NAMES.map((_, field) => `${field},"`)));
  for (let length = 1; length < whole.length; length++) {
    const piece = whole.subarray(0, length);
    assert.equal(writeCsvLines(piece, Buffer.alloc(length), 0), NOT_AS_KEPT, `${length} bytes`);
  }
});
