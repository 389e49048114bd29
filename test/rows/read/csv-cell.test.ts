/** Cells that hold what JSON escapes: written as JSON.stringify writes them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { cellInside } from '../../../src/rows/read/csv-cell.ts';

const unit = fc.oneof(
  fc.constantFrom('"', '"', '\\', 'a', 'ş', '😀', '\u2028', '\u007f', '/'),
  fc.integer({ min: 0, max: 0x1f }).map((code) => String.fromCharCode(code)),
);
const text = fc.string({ unit, maxLength: 20 });

for (const isQuoted of [false, true]) {
  test(`a cell ${isQuoted ? 'in' : 'without'} quotes, anywhere in its window`, () => {
    fc.assert(
      fc.property(text, text, (value, before) => {
        const written = Buffer.from(isQuoted ? value.replaceAll('"', '""') : value);
        const start = Buffer.byteLength(before);
        const window = Buffer.concat([Buffer.from(before), written, Buffer.from('"x')]);
        const inside = Buffer.from(cellInside(window, start, start + written.length, isQuoted));
        assert.equal(inside.toString(), JSON.stringify(value).slice(1, -1));
      }),
      { numRuns: 1000 },
    );
  });
}
