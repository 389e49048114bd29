/** Every shape of file, read again as strictly as its format allows. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'csv-parse/sync';
import type { Row, Sandbox, Shape } from '../../sandbox/index.ts';
import { COLUMNS } from '../../sandbox/data/columns.ts';
import {
  fetchArchive,
  login,
  looseRows,
  MONDAY,
  start,
  ZIP_PASSWORD,
  type Json,
} from './support.ts';
import { unzip } from './unzip.ts';

async function fileOf(sandbox: Sandbox, fileType: 'json' | 'csv'): Promise<Buffer> {
  const client = await login(sandbox);
  const [file] = await unzip((await fetchArchive(client, { fileType })).body, ZIP_PASSWORD);
  return file?.bytes ?? Buffer.alloc(0);
}

function expected(sandbox: Sandbox, fileType: 'json' | 'csv'): Row[] {
  return [...sandbox.expectedRows({ member: 'TIB', processDate: MONDAY, fileType })];
}

test('JSON: the root an object, pretty, with escapes and a byte order mark', async (t) => {
  const shape = { rows: 100, jsonRoot: 'object', jsonPretty: true, jsonEscapes: true, bom: true };
  const sandbox = await start(t, { shape: shape as Partial<Shape> });
  const bytes = await fileOf(sandbox, 'json');
  assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
  const text = bytes.subarray(3).toString();
  assert.match(text, /^[\u0020-\u007e\n]*$/);
  assert.match(text, /\\u0130/i);
  const document = JSON.parse(text) as Json;
  assert.deepEqual(document['balances'], looseRows(expected(sandbox, 'json')));
  assert.ok(Object.keys(document).indexOf('balances') > 0);
  assert.notEqual(Object.keys(document).at(-1), 'balances');
});

test('JSON: amounts as texts; fields without a value absent or null', async (t) => {
  const sandbox = await start(t, {
    shape: { rows: 100, jsonAmounts: 'string', jsonEmpty: 'absent' },
  });
  const full = expected(sandbox, 'json');
  const absent = JSON.parse((await fileOf(sandbox, 'json')).toString()) as Json[];
  assert.ok(absent.some((row) => !('addDefCode' in row)));
  const withEmpty = absent.map((row) => ({ addDefCode: '', mic: '', ...row }));
  assert.deepEqual(withEmpty, full);
  sandbox.shape.set({ jsonEmpty: 'null' });
  const nulls = JSON.parse((await fileOf(sandbox, 'json')).toString()) as Json[];
  assert.ok(nulls.some((row) => row['addDefCode'] === null));
  assert.deepEqual(
    nulls.map((row) =>
      Object.fromEntries(Object.entries(row).map(([key, value]) => [key, value ?? ''])),
    ),
    full,
  );
});

const CSV_SHAPES: Partial<Shape>[] = [
  { csvDelimiter: ',', csvLineEnd: 'lf', bom: true },
  { csvDelimiter: 'tab', csvQuotes: 'always', csvDecimal: '.' },
  { csvDelimiter: '|', csvQuotes: 'never', csvGrouping: true },
  { csvDelimiter: ';', csvCharset: 'windows-1254', csvGrouping: true, csvDecimal: '.' },
];

for (const shape of CSV_SHAPES) {
  test(`CSV: ${JSON.stringify(shape)}`, async (t) => {
    const sandbox = await start(t, { shape: { rows: 100, ...shape } });
    const bytes = await fileOf(sandbox, 'csv');
    const text = new TextDecoder(shape.csvCharset ?? 'utf-8', { fatal: true }).decode(bytes);
    const lineEnd = shape.csvLineEnd === 'lf' ? '\n' : '\r\n';
    const delimiter = shape.csvDelimiter === 'tab' ? '\t' : (shape.csvDelimiter ?? ';');
    const options = { delimiter, record_delimiter: lineEnd, relax_quotes: false };
    const [header = [], ...records] = parse(text, options);
    assert.deepEqual(header, Object.values(COLUMNS));
    const rows = expected(sandbox, 'csv');
    const grouping = (shape.csvDecimal ?? ',') === ',' ? '.' : ',';
    const canonical = (amount = ''): string => amount.replaceAll(grouping, '').replace(',', '.');
    assert.deepEqual(
      records.map((fields) => [...fields.slice(0, -1), canonical(fields.at(-1))]),
      rows.map((row) => Object.values(row)),
    );
    if (shape.csvGrouping === true)
      assert.match(text, /12[.,]345[.,]678[.,]901[.,]234[.,]567[.,]123\b/);
    if (shape.csvQuotes === 'never') assert.ok(!text.includes('"'));
  });
}

test('a shape that makes no sense is refused', async (t) => {
  const sandbox = await start(t);
  const refuse = (changes: object, message: RegExp): void =>
    assert.throws(() => sandbox.shape.set(changes), { name: 'RangeError', message });
  refuse({ rows: 0 }, /rows/);
  refuse({ encryption: 'rot13' }, /encryption/);
  refuse({ colour: 'red' }, /colour/);
  refuse({ csvDelimiter: ',', csvQuotes: 'never' }, /commas/);
});
