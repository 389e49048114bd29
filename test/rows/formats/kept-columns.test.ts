/** Columns are what the lines say, in whatever pieces they come, and stay so when the pieces are gone. */
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
import { FIELD_NAMES } from '../../../src/rows/columns.ts';
import { columnGroups } from '../../../src/rows/formats/kept-columns.ts';
import { lineOf } from '../../support/kept-lines.ts';

const cell = oneof(
  string({ unit: constantFrom('a', '1', '"', '\\', '\n', 'İ', '😀'), maxLength: 4 }),
  string({ unit: 'grapheme', maxLength: 20 }),
  constantFrom('TIB', 'XIST', '', 'x'.repeat(70_000)),
);
const row = record({
  cells: array(cell, { minLength: FIELD_NAMES.length, maxLength: FIELD_NAMES.length }),
  isOdd: boolean(),
  endsPiece: boolean(),
});

/** Each of them is lost when the next one is asked for. */
async function* lent(pieces: readonly string[]): AsyncGenerator<Buffer> {
  for (const piece of pieces) {
    const bytes = Buffer.from(piece);
    yield bytes;
    bytes.fill('?');
  }
}

test('any cells, in lines that are as they are kept and others', async () => {
  await assertProperty(
    asyncProperty(
      array(row, { maxLength: 20 }),
      integer({ min: 1, max: 7 }),
      async (rows, size) => {
        const pieces = [''];
        for (const { cells, isOdd, endsPiece } of rows) {
          pieces.push(`${pieces.pop()}${lineOf(cells, isOdd)}`);
          if (endsPiece) pieces.push('');
        }
        const groups = await Array.fromAsync(columnGroups(lent(pieces), size));
        const read = groups.flatMap((columns) => {
          const [first = []] = columns;
          assert.ok(first.length <= size);
          return first.map((_, at) => columns.map((column) => String(column[at])));
        });
        assert.deepEqual(
          read,
          rows.map(({ cells }) => cells),
        );
        assert.equal(groups.length, Math.ceil(rows.length / size));
      },
    ),
  );
});

test('a cell that came before is the same bytes again', async () => {
  const lines = Array.from({ length: 100 }, (_, at) =>
    lineOf(
      FIELD_NAMES.map((name) => `${name} ${at % 3}`),
      false,
    ),
  );
  const [columns = []] = await Array.fromAsync(columnGroups(lent([lines.join('')]), 100));
  for (const column of columns) assert.equal(new Set(column).size, 3);
});
