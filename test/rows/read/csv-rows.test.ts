/** The CSV dialects that are read, and the files that are not rows. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COLUMN_NAMES, FIELD_NAMES } from '../../../src/rows/read/index.ts';
import { HEADER, ROW, type Row, fails, ndjson, rowsOf } from './helpers.ts';

const SECOND: Row = ['20250505', 'TIB', '7654321', '', 'HSE', '', 'TRGARAN00001', '', '-3.00'];
const ROWS = [ROW, SECOND];

function csv(
  delimiter: string,
  lineEnd: string,
  quote = '',
  names: readonly string[] = COLUMN_NAMES,
): string {
  const line = (values: readonly string[]): string =>
    values.map((value) => quote + value + quote).join(delimiter);
  return [names, ...ROWS].map((values) => line(values) + lineEnd).join('');
}

const SHAPES: [title: string, content: string | Uint8Array][] = [
  ['LF', csv(';', '\n')],
  ['CRLF', csv(';', '\r\n')],
  ['CR', csv(';', '\r')],
  ['comma', csv(',', '\n')],
  ['tab', csv('\t', '\r\n')],
  ['bar', csv('|', '\n')],
  ['quotes', csv(';', '\r\n', '"')],
  ['quotes and comma', csv(',', '\n', '"')],
  ['no line end at the end', csv(';', '\r\n').slice(0, -2)],
  ['quotes and no line end at the end', csv(';', '\n', '"').slice(0, -1)],
  ['blank lines at the end', `${csv(';', '\r\n')}\r\n\r\n\n`],
  ['a BOM', `\uFEFF${csv(';', '\n')}`],
  ['a BOM and quotes', `\uFEFF${csv(';', '\n', '"')}`],
  ['JSON names', csv(';', '\n', '', FIELD_NAMES)],
  [
    'lower case',
    csv(
      ';',
      '\n',
      '',
      COLUMN_NAMES.map((name) => name.toLowerCase()),
    ),
  ],
  [
    'Turkish lower case',
    csv(
      ';',
      '\n',
      '',
      COLUMN_NAMES.map((name) => name.toLocaleLowerCase('tr')),
    ),
  ],
  [
    'dotted capitals',
    csv(
      ';',
      '\n',
      '',
      COLUMN_NAMES.map((name) => name.replaceAll('I', 'İ')),
    ),
  ],
  [
    'white space around names',
    csv(
      ';',
      '\n',
      '',
      COLUMN_NAMES.map((name) => ` ${name} `),
    ),
  ],
  ['a delimiter at each end of line', csv(';', ';\n')],
  ['unknown columns', csv(';', ';x;\n')],
];

for (const [title, content] of SHAPES) {
  for (const size of [1, 3, 64, 1 << 20]) {
    test(`CSV with ${title}, ${size} bytes at a time`, async () => {
      const { text, rowCount } = await rowsOf('csv', content, size);
      assert.equal(text, ndjson(ROWS));
      assert.equal(rowCount, 2);
    });
  }
}

test('columns in any order, optional ones missing', async () => {
  const { text } = await rowsOf('csv', 'BAKIYE,ISIN,HESAP\n1.50,X,9\n');
  assert.equal(text, ndjson([['', '', '9', '', '', '', 'X', '', '1.50']]));
});

test('quoted fields hold anything; unquoted ones hold quotes and backslashes', async () => {
  const values = ['a;b', 'say "x"', 'two\r\nlines', '\\', 'p"q', ' s ', 'I', '\u0001', '1'];
  const quoted = values.map((value) => `"${value.replaceAll('"', '""')}"`).join(';');
  const bare = ['', 'p"q"', 'C:\\x', '', 'ü', ' s ', 'I', '\u0001', '1'];
  const content = `${HEADER}\n${quoted}\n${bare.join(';')}\n`;
  for (const size of [1, 1000]) {
    assert.equal((await rowsOf('csv', content, size)).text, ndjson([values, bare]));
  }
});

test('a quoted amount with a decimal comma among commas', async () => {
  const { text } = await rowsOf('csv', 'HESAP,ISIN,BAKIYE\n1,X,"1500,25"\n');
  assert.equal(text, ndjson([['', '', '1', '', '', '', 'X', '', '1500.25']]));
});

test('amounts of a file that is known to write a decimal comma', async () => {
  const amounts: [written: string, canonical: string][] = [
    ['1500,50', '1500.50'],
    ['-0,5', '-0.5'],
    ['12', '12'],
    ['1,234', '1.234'],
    ['"7,25"', '7.25'],
    [',5', '0.5'],
    ['-,5', '-0.5'],
    ['5,', '5'],
    ['+5,5', '5.5'],
    [' 7,5 ', '7.5'],
    ['1.234,5', '1234.5'],
    ['1.234', '1234'],
    ['0,000001', '0.000001'],
  ];
  const content = `ISIN;BAKIYE;HESAP\n${amounts.map(([written]) => `X;${written};1\n`).join('')}`;
  const rows = amounts.map(([, amount]) => ['', '', '1', '', '', '', 'X', '', amount]);
  for (const size of [1, 5, 1000]) {
    assert.equal((await rowsOf('csv', content, size)).text, ndjson(rows));
  }
  for (const bad of ['1,2,3', '1,5-', '--1,5', '-', ',', `1,${'5'.repeat(1100)}`]) {
    await fails(rowsOf('csv', `${content}X;${bad};1\n`), 'unexpected-content');
  }
});

test('a header alone is no rows', async () => {
  for (const content of [HEADER, `${HEADER}\r\n`, `${HEADER}\n\n`]) {
    assert.deepEqual(await rowsOf('csv', content), { text: '', rowCount: 0, restarts: 0 });
  }
});

function windows1254(text: string): Buffer {
  const special: Record<string, number> = {
    İ: 0xdd,
    ı: 0xfd,
    Ş: 0xde,
    ş: 0xfe,
    Ğ: 0xd0,
    ğ: 0xf0,
    '€': 0x80,
  };
  return Buffer.from(Array.from(text, (letter) => special[letter] ?? letter.charCodeAt(0)));
}

test('windows-1254 is read where the file is not UTF-8, wherever that shows', async () => {
  const before: Row = [...ROW.slice(0, 7), 'DÜZ', '1.50'];
  const odd: Row = [...ROW.slice(0, 7), 'İŞ ğı€ö', '2.50'];
  const text = `${HEADER}\n${`${before.join(';')}\n`.repeat(3)}${odd.join(';')}\n`;
  const expected = ndjson([before, before, before, odd]);
  const decoded = await rowsOf('csv', windows1254(text), 40);
  assert.equal(decoded.text, expected);
  assert.equal(decoded.restarts, 1);
  const utf8 = await rowsOf('csv', text, 1);
  assert.equal(utf8.text, expected);
  assert.equal(utf8.restarts, 0);
});

test('windows-1254 in the header, and in the last byte', async () => {
  const header = windows1254('BAKİYE;ISİN;HESAP;EK_TANIM\n1.50;X;9;Ş');
  const { text } = await rowsOf('csv', header, 3);
  assert.equal(text, ndjson([['', '', '9', '', '', '', 'X', 'Ş', '1.50']]));
});

test('a bad byte among good UTF-8 refuses the file, wherever either stands', async () => {
  const good = `${HEADER}\n${[...ROW.slice(0, 7), 'İŞÇİ', '1.50'].join(';')}\n`;
  const bad = windows1254(`${[...ROW.slice(0, 7), 'Ş', '2.50'].join(';')}\n`);
  const header = Buffer.from(`${HEADER}\n`);
  const behind = Buffer.concat([header, bad, Buffer.from(good.slice(header.length))]);
  for (const content of [Buffer.concat([Buffer.from(good), bad]), behind]) {
    for (const size of [1, 2, 3, 1 << 20])
      await fails(rowsOf('csv', content, size), 'unexpected-content');
  }
});

test('another encoding and another decimal sign', async () => {
  const content = windows1254(`ISIN;HESAP;BAKIYE;EK_TANIM\nX;1;1.234;a\nX;2;1,5;a\nX;3;0,25;ş\n`);
  const { text, restarts } = await rowsOf('csv', content, 12);
  assert.match(text, /"1234"[^]*"1\.5"[^]*"ş","balanceAmount":"0\.25"/);
  assert.equal(restarts, 2);
});

const line = ROW.join(';');
const BAD: [title: string, content: string | Uint8Array][] = [
  ['nothing', ''],
  ['only line ends', '\n\n'],
  ['a blank line first', `\n${HEADER}\n${line}\n`],
  ['no header', `${line}\n`],
  ['no ISIN', 'HESAP;BAKIYE\n1;2\n'],
  ['no balance', 'HESAP;ISIN\n1;X\n'],
  ['no account', 'ISIN;BAKIYE\nX;2\n'],
  ['a column twice', 'HESAP;ISIN;BAKIYE;ISIN\n1;X;1;Y\n'],
  ['a column under both names', 'HESAP;ISIN;BAKIYE;balanceAmount\n1;X;1;2\n'],
  ['a field too few', `${HEADER}\n${ROW.slice(1).join(';')}\n`],
  ['a field too many', `${HEADER}\n${line};\n`],
  ['a line cut short', `${HEADER}\n${line}\n2025`],
  ['another delimiter in the lines', `${HEADER}\n${ROW.join(',')}\n`],
  ['a blank line between rows', `${HEADER}\n${line}\n\n${line}\n`],
  ['a quote that does not end', `${HEADER}\n"${line}\n`],
  ['something after a quote', `${HEADER}\n"20250505"x;${ROW.slice(1).join(';')}\n`],
  ['an amount that is no number', 'HESAP;ISIN;BAKIYE\n1;X;abc\n'],
  ['a decimal comma among commas', 'HESAP,ISIN,BAKIYE\n1,X,1500,25\n'],
  ['a row that is too long', `${HEADER}\n${'x'.repeat(70_000)}${line}\n`],
  ['a header that is too long', `${HEADER};${'x'.repeat(70_000)}\n${line}\n`],
  ['too many columns', `${HEADER};${';'.repeat(300)}\n`],
  ['blank lines without end', `${HEADER}\n${'\n'.repeat(5000)}`],
  ['UTF-16', Buffer.from(`\uFEFF${HEADER}\n`, 'utf16le')],
  ['random bytes', Buffer.from(Array.from({ length: 500 }, (_, index) => (index * 97 + 31) % 256))],
];

for (const [title, content] of BAD) {
  test(`CSV that is refused: ${title}`, async () => {
    for (const size of [1000, 1 << 20])
      await fails(rowsOf('csv', content, size), 'unexpected-content');
  });
}
