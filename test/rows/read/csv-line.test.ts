/** One line of CSV (RFC 4180 §2): the fields that were written, or more bytes are asked for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  columnText,
  createCsvLine,
  isBlankLine,
  readCsvLine,
} from '../../../src/rows/read/csv-line.ts';
import { MORE } from '../../../src/rows/read/json-tokens.ts';
import { fails } from './helpers.ts';

const DELIMITER = ';'.charCodeAt(0);

const value = fc.string({
  unit: fc.constantFrom('a', 'ş', '"', ';', ',', '\r', '\n', '\\', ' ', '\t', '😀'),
  maxLength: 6,
});
/** A field as it may be written: quoted where it has to be, or for no reason. */
const field = fc.tuple(value, fc.boolean()).map(([content, isQuoted]) => {
  const must = /[;\r\n]/.test(content) || content.startsWith('"');
  const quoted = `"${content.replaceAll('"', '""')}"`;
  return { content, written: must || isQuoted ? quoted : content };
});
const fields = fc.array(field, { minLength: 1, maxLength: 5 });
const ending = fc.constantFrom('\n', '\r\n', '\r');

function read(text: string, last: boolean) {
  const window = Buffer.from(text);
  const line = createCsvLine();
  const next = readCsvLine(window, 0, last, DELIMITER, line);
  const values = () =>
    Array.from({ length: line.count }, (_, column) => columnText(line, window, column));
  return { next, values, isBlank: isBlankLine(line) };
}

test('the values come back, and the next line begins after the line end', () => {
  fc.assert(
    fc.property(fields, ending, (all, end) => {
      const text = all.map(({ written }) => written).join(';');
      const { next, values, isBlank } = read(`${text}${end}x`, false);
      assert.equal(next, Buffer.byteLength(text + end));
      assert.deepEqual(
        values(),
        all.map(({ content }) => content),
      );
      assert.equal(isBlank, text === '');
    }),
    { numRuns: 500 },
  );
});

test('cut anywhere, it asks for more and never gives half a line', () => {
  fc.assert(
    fc.property(fields, ending, fc.nat(), (all, end, at) => {
      const text = Buffer.from(all.map(({ written }) => written).join(';') + end);
      const piece = text.subarray(0, at % text.length);
      const line = createCsvLine();
      // Before a CRLF's second half too: the first alone may be a line end of its own.
      assert.equal(readCsvLine(piece, 0, false, DELIMITER, line), MORE);
    }),
    { numRuns: 500 },
  );
});

test('the end of the file ends the last line', () => {
  fc.assert(
    fc.property(fields, (all) => {
      const text = all.map(({ written }) => written).join(';');
      const { next, values } = read(text, true);
      assert.equal(next, Buffer.byteLength(text));
      assert.deepEqual(
        values(),
        all.map(({ content }) => content),
      );
    }),
  );
});

test('what no CSV can mean is refused', async () => {
  const wide = ';'.repeat(256);
  for (const [text, last] of [
    ['"a"b\n', false],
    ['"a" ;\n', false],
    ['"a', true],
    ['"a""', true],
    [`${wide}\n`, false],
  ] as const) {
    await fails((async () => read(text, last))(), 'unexpected-content');
  }
  assert.equal(read(`${';'.repeat(255)}\n`, false).values().length, 256);
});
