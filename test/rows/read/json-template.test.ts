/** Rows of one shape, which are not read token by token, hold whatever others do. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIELD_NAMES } from '../../../src/rows/read/index.ts';
import { createJsonTemplate } from '../../../src/rows/read/json-template.ts';
import { createRowValues } from '../../../src/rows/read/row-gatherer.ts';
import { ROW, type Row, fails, ndjson, rowsOf } from './helpers.ts';

const PLACE = FIELD_NAMES.indexOf('addDefCode');
const AMOUNT = FIELD_NAMES.indexOf('balanceAmount');

/** A file whose first and last rows are plain, so that those between are of a shape that is known. */
function file(written: readonly string[], place = PLACE): string {
  const row = (value: string): string =>
    `{${FIELD_NAMES.map((name, field) =>
      field === place ? `"${name}":${value}` : `"${name}":${JSON.stringify(ROW[field])}`,
    ).join()}}`;
  const plain = JSON.stringify(ROW[place]);
  return `[${[plain, ...written, plain].map(row).join()}]`;
}

const withText = (text: string): Row => ROW.with(PLACE, text);

const ESCAPED = [
  String.raw`"\""`,
  String.raw`"a\\"`,
  String.raw`"\\\"\\"`,
  String.raw`"\/"`,
  String.raw`"\\/"`,
  String.raw`"\b\f\n\r\t"`,
  String.raw`"\u0041\u00e7\u0130"`,
  String.raw`"\\u0041"`,
  String.raw`"\u000a\u0022\u005c"`,
  String.raw`"\ud83d\ude00 \ud800"`,
  '"\u007f\u2028"',
];

for (const size of [1, 7, 1 << 20]) {
  test(`texts with escapes, ${size} bytes at a time`, async () => {
    const texts = ESCAPED.map((one) => String(JSON.parse(one)));
    const { text, rowCount } = await rowsOf('json', file(ESCAPED), size);
    assert.equal(text, ndjson([ROW, ...texts.map(withText), ROW]));
    assert.equal(rowCount, ESCAPED.length + 2);
  });
}

test('what escapes nothing is refused, and so are bytes that have to be escaped', async () => {
  const wrong = [
    String.raw`"\x"`,
    String.raw`"\u00g0"`,
    String.raw`"\u00"`,
    '"\n"',
    '"\\\n"',
    '"\u0000"',
  ];
  for (const one of wrong) {
    for (const size of [1, 1 << 20]) {
      await fails(rowsOf('json', file([one]), size), 'unexpected-content');
    }
  }
});

test('an amount written with escapes is the same amount', async () => {
  const { text } = await rowsOf('json', file([String.raw`"1\u0030.5"`], AMOUNT));
  assert.equal(text, ndjson([ROW, ROW.with(AMOUNT, '10.5'), ROW]));
  await fails(rowsOf('json', file([String.raw`"1\n0"`], AMOUNT)), 'unexpected-content');
});

test('a value that is written otherwise leaves those beside it as they are', async () => {
  const written = ['null', '123', String.raw`"\u0041"`, String.raw`"\""`, String.raw`"\/"`, '"12"'];
  const values = ['', '123', 'A', '"', '/', '12'];
  for (const place of FIELD_NAMES.keys()) {
    if (place === AMOUNT) continue;
    const { text } = await rowsOf('json', file(written, place), 1 << 20);
    const rows = values.map((value) => ROW.with(place, value));
    assert.equal(text, ndjson([ROW, ...rows, ROW]));
  }
});

test('rows that stand in the file as they are kept, in another order, and spread out', async () => {
  const names = FIELD_NAMES.map((name, field): [string, string | undefined] => [name, ROW[field]]);
  const object = Object.fromEntries(names);
  const turned = Object.fromEntries(names.toReversed());
  const unknown = Object.fromEntries(names.toSpliced(4, 0, ['other', 'x']));
  for (const one of [object, turned, unknown]) {
    for (const indent of [0, 1]) {
      const content = JSON.stringify([one, one, object, one], undefined, indent);
      const { text } = await rowsOf('json', content, 1 << 20);
      assert.equal(text, ndjson([ROW, ROW, ROW, ROW]));
    }
  }
});

test('a row of the shape that is known is not read token by token', () => {
  const template = createJsonTemplate();
  const gaps = ['{"balanceDate":', ',"mbrId":', ',"mbrAccNo":', '}'];
  template.learn(
    gaps.map((gap) => Buffer.from(gap)),
    [0, 1, 2],
  );
  for (const values of ['"20250505","TIB","1"', '"","",null', '20250505,"T\\"B",-1.5e+3']) {
    const [date, member, account] = values.split(',');
    const row = Buffer.from(`{"balanceDate":${date},"mbrId":${member},"mbrAccNo":${account}}`);
    const window = Buffer.concat([row, Buffer.from(',')]);
    assert.equal(template.match(window, 0, createRowValues()), row.length, values);
  }
});
