/** Amounts: every digit kept, and the decimal sign settled for the whole file or not at all. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Outcome, ROW, fails, ndjson, rowsOf } from './helpers.ts';

function withAmount(amount: string): string[] {
  return [...ROW.slice(0, 8), amount];
}

function file(amounts: readonly string[]): string {
  const rows = amounts.map((balanceAmount) => ({ isin: 'TRAGARAN91N1', balanceAmount }));
  return JSON.stringify(rows);
}

async function amountsOf(outcome: Promise<Outcome>): Promise<string[]> {
  const { text } = await outcome;
  return [...text.matchAll(/"balanceAmount":"([^"]*)"/g)].map((match) => match[1] ?? '');
}

const NUMBERS: [source: string, written: string][] = [
  ['0', '0'],
  ['-0', '-0'],
  ['1.10', '1.10'],
  ['12345678901234567.123', '12345678901234567.123'],
  ['100000000000000000000', '100000000000000000000'],
  ['1E+3', '1000'],
  ['1e3', '1000'],
  ['1.5E-1', '0.15'],
  ['-12.50e1', '-125.0'],
  ['0.5E1', '5'],
  ['0E-8', '0.00000000'],
  ['1.234', '1.234'],
];

for (const [source, written] of NUMBERS) {
  test(`the JSON number ${source} is ${written}`, async () => {
    const { text } = await rowsOf('json', `[{"isin":"X","balanceAmount":${source}}]`);
    assert.match(text, new RegExp(`"balanceAmount":"${written.replaceAll('.', '\\.')}"}\n$`));
  });
}

for (const source of ['1E999999999', '1E99999999999', '01', '1.', '.5', '+1', '1e', '-', 'NaN']) {
  test(`the JSON number ${source} is refused`, async () => {
    await fails(rowsOf('json', `[{"isin":"X","balanceAmount":${source}}]`), 'unexpected-content');
  });
}

const FILES: { amounts: string[]; expected: string[]; restarts: number }[] = [
  { amounts: ['5', '-7', '0'], expected: ['5', '-7', '0'], restarts: 0 },
  { amounts: ['+5', '.50', '5.', '007.5'], expected: ['5', '0.50', '5', '007.5'], restarts: 0 },
  { amounts: [' 1500,50 ', '1.234'], expected: ['1500.50', '1234'], restarts: 0 },
  { amounts: ['1.234', '1500,50'], expected: ['1234', '1500.50'], restarts: 1 },
  { amounts: ['1,234', '1500,50'], expected: ['1.234', '1500.50'], restarts: 1 },
  { amounts: ['1,234', '1500.50'], expected: ['1234', '1500.50'], restarts: 0 },
  { amounts: ['1.234', '0.123'], expected: ['1.234', '0.123'], restarts: 0 },
  { amounts: ['1.234', '0,123'], expected: ['1234', '0.123'], restarts: 1 },
  { amounts: ['1.234', '1.234.567'], expected: ['1234', '1234567'], restarts: 1 },
  { amounts: ['1,234', '1,234,567'], expected: ['1234', '1234567'], restarts: 0 },
  { amounts: ['1.234.567,8900'], expected: ['1234567.8900'], restarts: 0 },
  { amounts: ['-1,234,567.890'], expected: ['-1234567.890'], restarts: 0 },
  { amounts: ['1234.567', '1.234'], expected: ['1234.567', '1.234'], restarts: 0 },
  { amounts: ['1,5E+3', '2.500'], expected: ['1500', '2500'], restarts: 0 },
];

for (const { amounts, expected, restarts } of FILES) {
  test(`amounts ${amounts.join(' | ')} are ${expected.join(' | ')}`, async () => {
    const outcome = rowsOf('json', file(amounts));
    assert.deepEqual(await amountsOf(outcome), expected);
    assert.equal((await outcome).restarts, restarts);
  });
}

const REFUSED: string[][] = [
  ['1.234'],
  ['1,234'],
  ['1.234', '5,678'],
  ['5', '1.234', '7'],
  ['1.5', '1,5'],
  ['1,5', '1.5'],
  ['1.234.567', '1.5'],
  ['1.234', '1,5', '1.5'],
  ['12.34.56'],
  ['1.2345.678'],
  ['1,234.567.890'],
  ['0.123.456'],
  ['1.234,567,890'],
  ['12a'],
  ['-'],
  ['.'],
  ['1-'],
  ['--1'],
  ['1 234'],
  ['٣'],
  ['0x10'],
  ['Infinity'],
  ['1,'.repeat(5000)],
];

for (const amounts of REFUSED) {
  test(`amounts ${amounts.join(' | ').slice(0, 40)} are refused`, async () => {
    await fails(rowsOf('json', file(amounts)), 'unexpected-content');
  });
}

for (const [title, type, content] of [
  ['null', 'json', '[{"isin":"X","balanceAmount":null}]'],
  ['empty', 'json', '[{"isin":"X","balanceAmount":""}]'],
  ['blank', 'json', '[{"isin":"X","balanceAmount":" "}]'],
  ['absent', 'json', '[{"isin":"X","balanceAmount":"1"},{"isin":"X"}]'],
  ['empty', 'csv', 'ISIN;HESAP;BAKIYE\nX;1;1.5\nX;2;\n'],
  ['blank', 'csv', 'ISIN;HESAP;BAKIYE\nX;2; \n'],
] as const) {
  test(`a ${type} row whose amount is ${title} refuses the file`, async () => {
    await fails(rowsOf(type, content), 'unexpected-content');
  });
}

test('JSON numbers say nothing about the texts beside them', async () => {
  const mixed = '[{"isin":"X","balanceAmount":1.234},{"isin":"X","balanceAmount":"1.234,5"}]';
  assert.deepEqual(await amountsOf(rowsOf('json', mixed)), ['1.234', '1234.5']);
});

test('a CSV is read by the same rules', async () => {
  const csv = `ISIN;HESAP;BAKIYE\nX;1;1.234\nX;2;"1.234,50"\n`;
  const { text, restarts } = await rowsOf('csv', csv);
  assert.deepEqual(await amountsOf(rowsOf('csv', csv)), ['1234', '1234.50']);
  assert.equal(restarts, 1);
  assert.equal(text.split('\n').length, 3);
});

test('a restart leaves nothing of the first pass, however much it had written', async () => {
  const rows = [...Array.from({ length: 9000 }, () => withAmount('1.234')), withAmount('1,5')];
  const names = ndjson([ROW]).match(/(?<=")\w+(?=":)/g) ?? [];
  const json = JSON.stringify(
    rows.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at]]))),
  );
  const outcome = await rowsOf('json', json, 65_536);
  assert.equal(outcome.restarts, 1);
  assert.equal(outcome.rowCount, 9001);
  const expected = [...Array.from({ length: 9000 }, () => withAmount('1234')), withAmount('1.5')];
  assert.equal(outcome.text, ndjson(expected));
});
