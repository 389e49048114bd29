/** A ledger as records: against an oracle that knows what was written, and each kind of bad line by its number. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { LedgerError, LedgerTooLargeError } from '../../src/reconciliation/ledger-errors.ts';
import { readLedger } from '../../src/reconciliation/ledger.ts';
import { SEPARATOR } from '../../src/reconciliation/positions.ts';

/** @param size of the pieces in which the bytes come. */
async function read(bytes: Buffer | string, size = 7) {
  let records: { line: number; values: string[] }[] = [];
  async function* stream() {
    const all = Buffer.from(bytes as string);
    for (let at = 0; at < all.length; at += size) yield all.subarray(at, at + size);
  }
  const result = await readLedger(stream, () => {
    records = [];
    return (_hash, record, length, line) => {
      const values = record.toString('utf8', 0, length).split(SEPARATOR);
      records.push({ line, values: values.map((value) => JSON.parse(`"${value}"`) as string) });
    };
  });
  return { ...result, records };
}

async function mistakesOf(bytes: Buffer | string): Promise<string[]> {
  const error: unknown = await read(bytes).catch((thrown: unknown) => thrown);
  assert.ok(error instanceof LedgerError, String(error));
  for (const { message } of error.errors) {
    assert.doesNotMatch(message.en + message.tr, /\{|undefined/);
    assert.notEqual(message.en, message.tr);
  }
  return error.badLines.map(({ line, fault }) => `${line} ${fault}`);
}

const FIELDS = ['HESAP', 'ALT_HESAP', 'KIYMET_SINIFI', 'MIC', 'ISIN', 'EK_TANIM', 'BAKIYE', 'NOT'];
const cell = fc.oneof(
  fc.constantFrom('', '0012', 'SERB', 'Ğİşı', 'a"b', 'iki\r\nsatır', ';', ',', '\t', '\\'),
  fc.string({ maxLength: 6 }),
);
const whole = fc.stringMatching(/^-?(0|[1-9]\d{3,20})$/);
const fraction = fc.stringMatching(/^(\d{1,2}|\d{4,30})$/);
const line = fc.record({
  cells: fc.array(cell, { minLength: 8, maxLength: 8 }),
  whole,
  fraction: fc.option(fraction, { nil: undefined }),
});

test('what was written is what is read, whatever the delimiter, order, quotes, line ends and pieces', async () => {
  const shape = fc.record({
    lines: fc.array(line, { maxLength: 12 }),
    order: fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 8 }),
    delimiter: fc.constantFrom(',', ';', '\t'),
    sign: fc.constantFrom('.', ','),
    lineEnd: fc.constantFrom('\n', '\r\n'),
    mark: fc.constantFrom('', '\uFEFF'),
    size: fc.constantFrom(1, 5, 1_000),
  });
  await fc.assert(
    fc.asyncProperty(shape, async ({ lines, order, delimiter, sign, lineEnd, mark, size }) => {
      const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
      const amounts = lines.map(({ whole: head, fraction: tail }) =>
        tail === undefined ? head : `${head}${sign}${tail}`,
      );
      const table = [
        FIELDS,
        ...lines.map(({ cells }, at) => cells.with(6, amounts[at] as string)),
      ].map((cells, at) => {
        const placed = order.map((field) => cells[field] as string);
        return (at === 0 ? placed : placed.map(quoted)).join(delimiter);
      });
      const text = mark + table.map((each) => each + lineEnd).join('');
      const { records, header, lineCount } = await read(text, size);
      assert.deepEqual(header.ignoredColumns, ['NOT']);
      assert.equal(lineCount, lines.length);
      assert.deepEqual(
        records.map(({ values }) => values),
        lines.map(({ cells }, at) => [
          ...cells.slice(0, 6),
          (amounts[at] as string).replace(',', '.'),
        ]),
      );
    }),
    { numRuns: 120 },
  );
});

const HEAD = 'HESAP;ALT_HESAP;ISIN;BAKIYE\n';

test('a header by either name, in any case, with and without Turkish letters', async () => {
  for (const head of [
    'mbrAccNo;subAccCode;isin;balanceAmount',
    'hesap;alt hesap;ısin;bakıye',
    'Hesap;Alt-Hesap;İSİN;BAKİYE',
    '"HESAP";ALT_HESAP ; ISIN;Bakiye',
  ]) {
    const { records } = await read(`${head}\n1;A;T;5\n`);
    assert.deepEqual(records[0]?.values, ['1', 'A', '', '', 'T', '', '5'], head);
  }
  const { header } = await read('UYE;HESAP;ALT_HESAP;ISIN;BAKIYE;NOT\nTIB;1;A;T;5;x\n');
  assert.deepEqual(header.ignoredColumns, ['UYE', 'NOT']);
});

test('windows-1254 is read as it was meant', async () => {
  const bytes = Buffer.concat([
    Buffer.from(HEAD),
    Buffer.from([0xdd, 0xde]),
    Buffer.from(';A;T;1,5\n'),
  ]);
  const { records } = await read(bytes);
  assert.deepEqual(records[0]?.values[0], 'İŞ');
});

test('the decimal sign is that of the whole ledger', async () => {
  const { records, decimalSign } = await read(`${HEAD}1;A;T;1.234\n2;A;T;7,5\n`);
  assert.equal(decimalSign, ',');
  assert.deepEqual(
    records.map(({ values }) => values.at(-1)),
    ['1234', '7.5'],
  );
});

const bad: [name: string, text: Buffer | string, expected: string[]][] = [
  ['nothing', '', ['1 empty']],
  ['no column', 'HESAP;ISIN\n1;2\n', ['1 column-missing', '1 column-missing']],
  ['a column twice', 'HESAP;mbrAccNo;ALT_HESAP;ISIN;BAKIYE\n', ['1 column-twice']],
  ['no balance', `${HEAD}1;A;T;\n1;A;T;5\n;;;\n`, ['2 no-amount', '4 no-amount']],
  ['no number', `${HEAD}1;A;T;5\n1;A;T;beş\n`, ['3 not-a-number']],
  [
    'an exponent',
    `${HEAD}1;A;T;1,95795E+07\n1;A;T;1,5\n1;A;T;1e3\n1;A;T;1e\n`,
    ['2 exponent', '4 exponent', '5 not-a-number'],
  ],
  ['cells', `${HEAD}1;A;T\n1;A;T;5;6\n`, ['2 cells', '3 cells']],
  [
    'two ways',
    `${HEAD}1;A;T;1.234\n1;A;T;5\n1;A;T;x\n1;A;T;2,000\n`,
    ['2 two-ways', '4 not-a-number', '5 two-ways'],
  ],
  ['both signs', `${HEAD}1;A;T;1.5\n1;A;T;1,5\n1;A;T;2,25\n`, ['3 other-sign', '4 other-sign']],
  ['after lines in quotes', `${HEAD}"a\nb\r\nc";A;T;5\n\n1;A;T;x\n`, ['6 not-a-number']],
  ['a quote', `${HEAD}1;A;T;x\n"1"1;A;T;5\n1;A;T;y\n`, ['2 not-a-number', '3 quotes']],
  ['no closing quote', `${HEAD}1;A;T;5\n"1;A;T;5\n`, ['3 quotes']],
  ['a long line', `${HEAD}1;A;T;5\n${'1'.repeat(70_000)};A;T;5\n`, ['3 too-long']],
  [
    'bytes of both',
    Buffer.concat([Buffer.from(`${HEAD}ş;A;T;5\n`), Buffer.from([0xdd])]),
    ['2 encoding'],
  ],
];
for (const [name, text, expected] of bad) {
  test(`bad lines are told by number: ${name}`, async () => {
    assert.deepEqual(await mistakesOf(text), expected);
  });
}

test('of many bad lines the first hundred are told', async () => {
  const told = await mistakesOf(HEAD + '1;A;T;x\n'.repeat(300));
  assert.equal(told.length, 100);
  assert.equal(told.at(-1), '101 not-a-number');
});

test('a line too many is refused', async () => {
  const text = Buffer.from(HEAD + '1;A;T;1\n'.repeat(1_000_000));
  assert.equal((await read(text, 1 << 20)).lineCount, 1_000_000);
  await assert.rejects(
    read(Buffer.concat([text, Buffer.from('1;A;T;1')]), 1 << 20),
    LedgerTooLargeError,
  );
});
