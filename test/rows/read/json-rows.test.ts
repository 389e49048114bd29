/** The JSON shapes that are read, and those that are not rows. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIELD_NAMES, COLUMN_NAMES } from '../../../src/rows/read/index.ts';
import { ROW, type Row, fails, ndjson, rowsOf } from './helpers.ts';

const object = (row: Row, names: readonly string[] = FIELD_NAMES): Record<string, unknown> =>
  Object.fromEntries(names.map((name, index) => [name, row[index]]));

const SECOND: Row = ['20250505', 'TIB', '7654321', '', 'HSE', '', 'TRGARAN00001', '', '-3.00'];
const ROWS = [ROW, SECOND];
const TWO = ROWS.map((row) => object(row));

const SHAPES: [title: string, content: string | Uint8Array][] = [
  ['compact', JSON.stringify(TWO)],
  ['pretty', JSON.stringify(TWO, null, 4)],
  ['pretty with CRLF', JSON.stringify(TWO, null, '\t').replaceAll('\n', '\r\n')],
  ['a BOM', `\uFEFF${JSON.stringify(TWO)}\n`],
  ['CSV names as keys', JSON.stringify(ROWS.map((row) => object(row, COLUMN_NAMES)))],
  ['an object around', JSON.stringify({ rows: TWO })],
  [
    'members around',
    JSON.stringify({ a: 1, b: [1, [2]], c: { d: [{ x: 'isin' }] }, e: [], rows: TWO, z: [{}] }),
  ],
  ['an array of other objects before', JSON.stringify({ columns: [{ name: 'x' }], rows: TWO })],
  ['unknown fields', JSON.stringify(TWO.map((row) => ({ x: 1, ...row, y: { z: ['"}'] } })))],
  [
    'another order',
    JSON.stringify(TWO.map((row) => Object.fromEntries(Object.entries(row).toReversed()))),
  ],
  [
    'nulls',
    JSON.stringify([object(ROW), { ...TWO[1], subAccCode: null, mic: null, addDefCode: null }]),
  ],
  [
    'absent fields',
    JSON.stringify([
      TWO[0],
      Object.fromEntries(Object.entries(TWO[1] ?? {}).filter(([, value]) => value !== '')),
    ]),
  ],
  ['numbers', JSON.stringify(TWO).replaceAll(/"(-?\d[\d.]*)"/g, '$1')],
  ['escaped keys', JSON.stringify(TWO).replaceAll('"isin"', '"\\u0069sin"')],
  ['escaped values', JSON.stringify(TWO).replaceAll('"TRA', '"\\u0054\\u0052A')],
];

for (const [title, content] of SHAPES) {
  for (const size of [1, 5, 64, 1 << 20]) {
    test(`JSON with ${title}, ${size} bytes at a time`, async () => {
      const { text, rowCount } = await rowsOf('json', content, size);
      assert.equal(text, ndjson(ROWS));
      assert.equal(rowCount, 2);
    });
  }
}

test('rows of one shape are read wherever the bytes are cut', async () => {
  const rows = Array.from({ length: 40 }, (_, n) => ROW.with(2, String(1_000_000 + n)));
  const content = JSON.stringify(rows.map((row) => object(row)));
  for (let size = 150; size < 250; size += 1) {
    assert.equal((await rowsOf('json', content, size)).text, ndjson(rows), `${size} bytes`);
  }
});

test('rows of several pieces come in their order, each once', async () => {
  const rows = Array.from({ length: 15_000 }, (_, n) => ROW.with(2, String(1_000_000 + n)));
  const content = JSON.stringify(rows.map((row) => object(row)));
  const { text, rowCount } = await rowsOf('json', content, 1 << 18);
  assert.equal(rowCount, rows.length);
  assert.ok(text.length > 2 << 20, 'more than two pieces');
  assert.ok(text === ndjson(rows));
});

test('an amount may be a number in each of JSON’s forms', async () => {
  const numbers = ['25e-1', '25E-1', '-25e+10', '1e2', '1.5E+2', '-0.5'];
  const amounts = ['2.5', '2.5', '-250000000000', '100', '150', '-0.5'];
  const rows = numbers.map((number) => JSON.stringify(object(ROW)).replace('"1500.50"', number));
  for (const size of [1, 1 << 20]) {
    const { text } = await rowsOf('json', `[${rows.join()}]`, size);
    assert.equal(text, ndjson(amounts.map((amount) => ROW.with(8, amount))));
  }
});

test('texts are kept as they are, whatever they hold', async () => {
  const odd = ['a"b', 'ç\\d', '\u0000\t\n', '\u2028😀', '\ud800', '/', ' x ', '\u007f', '1'];
  const { text } = await rowsOf('json', JSON.stringify([object(odd)]));
  assert.equal(text, ndjson([odd]));
  assert.equal(
    (await rowsOf('json', '[{"isin":"\\/","balanceAmount":"1"}]')).text,
    ndjson([['', '', '', '', '', '', '/', '', '1']]),
  );
});

for (const content of ['[]', ' [ \n ] ', '{"rows":[]}', '{"code":"0000","rows":[ ]}']) {
  test(`no rows in ${content}`, async () => {
    assert.deepEqual(await rowsOf('json', content), { text: '', rowCount: 0, restarts: 0 });
  });
}

const good = JSON.stringify(TWO);
/** Each is wrong in one thing: what else it holds would do for a row. */
const BAD: [title: string, content: string | Uint8Array][] = [
  ['nothing', ''],
  ['only white space', ' \n'],
  ['a text', '"x"'],
  ['an array of numbers', '[1,2]'],
  ['an array of arrays', '[[{"balanceAmount":1,"isin":"X"}]]'],
  ['an object without an array', '{"a":1}'],
  ['an object with an array of numbers', '{"a":[1]}'],
  ['an array deeper inside', `{"data":{"rows":${good}}}`],
  ['rows in two places', JSON.stringify({ rows: TWO, more: TWO })],
  ['rows and a row deeper down', JSON.stringify({ a: { b: [{ isin: 'X' }] }, rows: TWO })],
  ['rows behind a number', JSON.stringify({ rows: TWO, more: [1, TWO[0]] })],
  ['an empty array and rows deeper down', `{"errors":[],"data":{"balances":${good}}}`],
  ['an empty array and an object of unknown fields', '{"rows":[],"data":{"x":1}}'],
  ['an empty array and an empty object', '{"rows":[],"data":{}}'],
  ['an empty array and unknown objects', '{"columns":[{"name":"x"}],"rows":[ ]}'],
  ['two empty arrays', '{"rows":[],"more":[]}'],
  ['rows inside a row', JSON.stringify([{ ...TWO[0], more: [TWO[1]] }])],
  ['a row inside a row', JSON.stringify([TWO[0], { ...TWO[0], x: { y: { MIC: 'X' } } }])],
  ['an empty row', '[{}]'],
  ['a row of unknown fields', '[{"x":1}]'],
  ['a later row of unknown fields', '[{"balanceAmount":1,"isin":"X"},{"x":1}]'],
  ['a later row that is a number', '[{"balanceAmount":1,"isin":"X"},1]'],
  ['a field that is an object', '[{"balanceAmount":1,"isin":{}}]'],
  ['a field that is an array', '[{"balanceAmount":1,"isin":[]}]'],
  ['a field that is true', '[{"balanceAmount":1,"isin":true}]'],
  ['a field that is false', '[{"balanceAmount":1,"isin":false}]'],
  ['garbage after the end', `${good}x`],
  ['a second document', `${good}${good}`],
  ['a comma too many between rows', '[{"balanceAmount":1,"isin":"X"},]'],
  ['a comma too many in a row', '[{"balanceAmount":1,"isin":"X",}]'],
  ['a comma at the start', '[,{"balanceAmount":1,"isin":"X"}]'],
  ['a missing comma', '[{"balanceAmount":1,"isin":"X"}{"balanceAmount":1,"isin":"X"}]'],
  ['a missing comma between members', `{"code":"0000" "rows":${good}}`],
  ['a missing colon', '[{"balanceAmount":1,"isin" "X"}]'],
  ['a control character in a text', '[{"balanceAmount":1,"isin":"X\u0001"}]'],
  ['a line end in a text', '[{"balanceAmount":1,"isin":"X\n"}]'],
  ['an unknown escape', '[{"balanceAmount":1,"isin":"\\x"}]'],
  ['a short escape', '[{"balanceAmount":1,"isin":"\\u12g4"}]'],
  ['single quotes', "[{'balanceAmount':1,'isin':'X'}]"],
  ['a comment', '[/**/{"balanceAmount":1,"isin":"X"}]'],
  ['a half literal', '[{"balanceAmount":1,"isin":nul}]'],
  ['a long literal', '[{"balanceAmount":1,"isin":nullx}]'],
  ['a literal of other letters', '[{"balanceAmount":1,"isin":"X","y":tXue}]'],
  ['what is no comma in an ignored list', '[{"balanceAmount":1,"isin":"X","y":[1;2]}]'],
  ['a number too many in an ignored field', '[{"balanceAmount":1,"isin":"X","y":01}]'],
  ['a name twice', '[{"balanceAmount":1,"isin":"X","isin":"Y"}]'],
  ['a name twice, once escaped', '[{"balanceAmount":1,"isin":"X","\\u0069sin":"Y"}]'],
  ['a field under both names', '[{"balanceAmount":1,"BAKIYE":2}]'],
  ['an unknown name twice', '[{"balanceAmount":1,"isin":"X","a":1,"a":2}]'],
  ['rows twice', `{"rows":${good},"rows":${good}}`],
  [
    'nesting without end',
    `[{"balanceAmount":1,"isin":"X","y":${'['.repeat(100)}${']'.repeat(100)}}]`,
  ],
  ['a root member that is malformed', `{"rows":${good},"y":}`],
  ['bytes that are not UTF-8', Buffer.from('[{"balanceAmount":1,"isin":"\xdd"}]', 'latin1')],
  ['a cut character at the end', Buffer.concat([Buffer.from(good), Buffer.from([0xc3])])],
  [
    'an encoded surrogate',
    Buffer.from([
      ...Buffer.from('[{"balanceAmount":1,"isin":"'),
      0xed,
      0xa0,
      0x80,
      ...Buffer.from('"}]'),
    ]),
  ],
  ['UTF-16', Buffer.from(`\uFEFF${good}`, 'utf16le')],
  ['a BOM in the middle', `[\uFEFF{"balanceAmount":1,"isin":"X"}]`],
  ['a row that is too long', JSON.stringify([{ balanceAmount: 1, isin: 'X'.repeat(70_000) }])],
  ['white space without end', `[${' '.repeat(100_000)}{"balanceAmount":1,"isin":"X"}]`],
  ['too much beside the rows', JSON.stringify({ a: 'x'.repeat(1_100_000), rows: TWO })],
];

for (const [title, content] of BAD) {
  test(`JSON that is refused: ${title}`, async () => {
    for (const size of [1024, 1 << 20])
      await fails(rowsOf('json', content, size), 'unexpected-content');
  });
}

test('the row that most of these are made of is one', async () => {
  assert.equal((await rowsOf('json', '[{"balanceAmount":1,"isin":"X"}]')).rowCount, 1);
});

test('JSON cut short anywhere is refused', async () => {
  for (const whole of [good, JSON.stringify({ a: [1], rows: TWO, b: 'x' })]) {
    for (let length = 0; length < whole.length; length++) {
      await fails(rowsOf('json', whole.slice(0, length), 50), 'unexpected-content');
    }
  }
});

test('a member of 200 KB before the rows is skipped', async () => {
  const content = JSON.stringify({ list: Array.from({ length: 40_000 }, () => 1234), rows: TWO });
  assert.equal((await rowsOf('json', content, 10_000)).text, ndjson(ROWS));
});

test('rows whose shape changes from one to the next', async () => {
  const rows: Row[] = Array.from({ length: 300 }, (_, index) =>
    ROW.map((value, field) => (field !== 8 && (index + field) % 4 === 0 ? '' : value)),
  );
  const lines = rows.map((row, index) => {
    const kept = Object.entries(object(row)).map(([name, value]) => [
      name,
      value === '' && index % 2 ? null : value,
    ]);
    if (index % 3 === 0) kept.reverse();
    return JSON.stringify(Object.fromEntries(kept), null, index % 5 === 0 ? 2 : 0);
  });
  assert.equal((await rowsOf('json', `[${lines.join(',')}]`, 100)).text, ndjson(rows));
});
