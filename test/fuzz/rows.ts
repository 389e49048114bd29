/** JSON and CSV of a report: an ArchiveError, or rows in canonical form, the same however the bytes are cut. */
import assert from 'node:assert/strict';
import { ArchiveError, FIELD_NAMES } from '../../src/rows/read/index.ts';
import { collect, HEADER, ndjson, ROW } from '../rows/read/helpers.ts';
import { inPieces, type Target, valueOr, whole } from './target.ts';

/** Several, or most changes would hit a header. */
const ROWS = ['1500.50', '-7.5', '0', '12', '1,234.5', '.5', '100'].map((amount) => [
  ...ROW.slice(0, 8),
  amount,
]);
const AMOUNT = /^-?\d+(?:\.\d+)?$/;
const BYTE_ORDER_MARK = '\uFEFF';

/** Rows of one reading. */
interface Read {
  kind: string;
  text?: string;
}

export const rows: Target = {
  name: 'rows',
  words: [
    ...FIELD_NAMES,
    ...HEADER.split(';'),
    ...String.raw`{ } [ ] ": ", null true \u00 \ud83d \" "" "; ; , | 1.234 1.234,5 E+3`.split(' '),
  ].concat(['\t', '\r\n', '\r', '\xef\xbb\xbf', '\xc4\xb0', '\xdd', '\xd9\xa3']),
  async seeds() {
    const objects = ndjson(ROWS).trim().split('\n');
    const json = `[${objects.join(',')}]`;
    const lines = ROWS.map((row) => row.join(';'));
    const quoted = ROWS.map((row) => `"${row.join('","')}"`);
    return [
      json,
      `{"rows":${json},"more":{"a":[1,"x",null]}}`,
      JSON.stringify(JSON.parse(json), null, 2).replaceAll('"1500.50"', '1500.50'),
      [HEADER, ...lines, ''].join('\n'),
      [BYTE_ORDER_MARK + HEADER.replaceAll(';', ','), ...quoted].join('\r\n'),
      [`${HEADER};NOT`, ...lines.map((line) => `${line};x`)].join('\r').replaceAll(';', '\t'),
    ].map((text) => Buffer.from(text));
  },
  async attempt(input) {
    const json = await readBothWays('json', input);
    const csv = await readBothWays('csv', input);
    if (json.text !== undefined) checkJson(input, json.text);
    return [`json: ${json.kind}`, `csv: ${csv.kind}`];
  },
};

async function readBothWays(type: 'json' | 'csv', input: Buffer): Promise<Read> {
  const [once, again] = [await read(type, input, whole), await read(type, input, inPieces)];
  assert.equal(again.text, once.text, `${type} in pieces gave something else`);
  return once;
}

async function read(type: 'json' | 'csv', input: Buffer, cut: typeof whole): Promise<Read> {
  const file = { type, stream: () => cut(input), async verify() {} };
  const outcome = await valueOr(ArchiveError, collect(file));
  if ('error' in outcome) return { kind: `${outcome.error.reason}: ${outcome.error.message}` };
  const { text, rowCount, restarts } = outcome.value;
  const lines = text.split('\n').slice(0, -1);
  assert.equal(lines.length, rowCount);
  for (const line of lines) {
    const row = JSON.parse(line) as Record<string, string>;
    assert.deepEqual(Object.keys(row), FIELD_NAMES);
    assert.match(row['balanceAmount'] ?? '', AMOUNT);
  }
  return {
    kind: `rows${rowCount === 0 ? ', none' : ''}${restarts > 0 ? ', begun anew' : ''}`,
    text,
  };
}

/** What our scanner takes is JSON to others too, and has as many rows. */
function checkJson(input: Buffer, text: string): void {
  const value = JSON.parse(input.toString().replace(BYTE_ORDER_MARK, '')) as object;
  const list = Array.isArray(value) ? value : Object.values(value).find(isRows);
  assert.equal(text.split('\n').length - 1, list?.length, 'another number of rows than JSON.parse');
}

function isRows(value: unknown): value is unknown[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'object');
}
