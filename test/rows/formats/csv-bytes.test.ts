/** From bytes to bytes it is the same CSV as by way of parsed lines. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { array, assert as assertProperty, constantFrom, oneof, property, string } from 'fast-check';
import { FIELD_NAMES } from '../../../src/rows/columns.ts';
import { csvLines } from '../../../src/rows/formats/csv-bytes.ts';
import { linesOfCells, plainLine } from '../../../src/rows/formats/csv-text.ts';

const cell = oneof(
  string({ unit: constantFrom('a', '1', ',', ';', '"', '\\', '\r', '\n', '\t', 'İ', '😀') }),
  string({ unit: 'grapheme', maxLength: 20 }),
);
const row = array(cell, { minLength: FIELD_NAMES.length, maxLength: FIELD_NAMES.length });

function line(cells: readonly string[], names: readonly string[] = FIELD_NAMES): string {
  const named = FIELD_NAMES.map((name, field): [string, string] => [name, cells[field] ?? '']);
  const byName = Object.fromEntries(named);
  return `${JSON.stringify(Object.fromEntries(names.map((name) => [name, byName[name]])))}\n`;
}

test('any cells', () => {
  assertProperty(
    property(array(row, { maxLength: 4 }), (rows) => {
      const piece = Buffer.from(rows.map((cells) => line(cells)).join(''));
      const expected = rows.map((cells) => plainLine(cells)).join('');
      assert.equal(csvLines(piece).toString(), expected);
    }),
  );
});

test('lines that are not as they are kept are parsed', () => {
  const cells = FIELD_NAMES.map((_, field) => `${field},`);
  const turned = line(cells, FIELD_NAMES.toReversed());
  const spread = line(cells).replace('{', '{ ');
  const closed = line(cells).replace('}', ' }');
  for (const piece of [turned, spread, closed].map((text) => Buffer.from(line(cells) + text))) {
    assert.deepEqual(csvLines(piece), linesOfCells(piece, FIELD_NAMES, plainLine));
    assert.equal(csvLines(piece).toString(), plainLine(cells).repeat(2));
  }
});
