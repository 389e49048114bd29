/** What holds of every format: whole, in pieces, with no rows, and broken off where its lines are. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { csvExcel } from '../../../src/rows/formats/csv-excel.ts';
import { csv } from '../../../src/rows/formats/csv.ts';
import {
  formats,
  formatsByType,
  findFormat,
  type RowLines,
} from '../../../src/rows/formats/index.ts';
import { ROW_EXAMPLE } from '../../../src/schemas/report-examples.ts';
import { json } from '../../../src/rows/formats/json.ts';
import { rowsOf } from '../../support/desk.ts';

const report = { id: 'r', member: 'TIB', processDate: '20250505', refId: 'ref' };
const ROW = {
  balanceDate: '20250505',
  mbrId: 'TIB',
  mbrAccNo: '0012',
  subAccCode: 'SERB',
  secClassCode: 'HS',
  mic: '',
  isin: 'TRAGARAN91N1',
  addDefCode: '=RÜÇHAN "a",;',
  balanceAmount: '-12345678901234567.10',
};
const line = `${JSON.stringify(ROW)}\n`;

function rows(...pieces: string[]): RowLines {
  return rowsOf(pieces, pieces.join('').split('\n').length - 1);
}

async function textOf(body: AsyncIterable<Buffer>): Promise<string> {
  return Buffer.concat(await Array.fromAsync(body)).toString();
}

test('names are unique, and each media type means the first of its formats', () => {
  assert.equal(new Set(formats.map(({ name }) => name)).size, formats.length);
  for (const format of formats) assert.equal(findFormat(format.name), format);
  assert.equal(formatsByType().get('text/csv'), csv);
  assert.deepEqual([...formatsByType(csvExcel).keys()][0], 'text/csv');
  assert.equal(formatsByType(csvExcel).get('text/csv'), csvExcel);
});

for (const format of formats) {
  test(`${format.name}: the pieces that the rows come in change nothing`, async () => {
    const whole = await textOf(format.write(report, rows(line + line + line)));
    assert.equal(await textOf(format.write(report, rows(line, '', line + line))), whole);
  });

  test(`${format.name}: lines that fail break it off`, async () => {
    const broken = function* () {
      yield line;
      throw new Error('the disk');
    };
    await assert.rejects(textOf(format.write(report, rowsOf(broken(), 2))), /the disk/);
  });
}

test('the example of a text is what its format writes', async () => {
  const texts = formats.filter(({ shape }) => shape === 'text');
  assert.ok(texts.length > 1);
  for (const format of texts) {
    const written = await textOf(format.write(report, rows(`${JSON.stringify(ROW_EXAMPLE)}\n`)));
    assert.equal(format.example, written, format.name);
  }
});

test('json: the count comes last, with rows and without', async () => {
  const document = await textOf(json.write(report, rows(line, line)));
  assert.deepEqual(JSON.parse(document), { ...report, rows: [ROW, ROW], rowCount: 2 });
  assert.match(document, /"rowCount":2\}\n$/);
  assert.deepEqual(JSON.parse(await textOf(json.write(report, rows()))), {
    ...report,
    rows: [],
    rowCount: 0,
  });
});

const COLUMNS = ['BAKIYE_TARIHI', 'UYE', 'HESAP', 'ALT_HESAP', 'KIYMET_SINIFI', 'MIC', 'ISIN'];

test('csv: every byte as MKS wrote it, quoted where it has to be', async () => {
  assert.equal(
    await textOf(csv.write(report, rows(line))),
    `${[...COLUMNS, 'EK_TANIM', 'BAKIYE'].join(',')}\r\n` +
      '20250505,TIB,0012,SERB,HS,,TRAGARAN91N1,"=RÜÇHAN ""a"",;",-12345678901234567.10\r\n',
  );
});

test('csv-excel: semicolons, the mark, the decimal comma, and no formula is run', async () => {
  assert.equal(
    await textOf(csvExcel.write(report, rows(line))),
    `\ufeff${[...COLUMNS, 'EK_TANIM', 'BAKIYE'].join(';')}\r\n` +
      '20250505;TIB;"=""0012""";SERB;HS;;TRAGARAN91N1;"=""=RÜÇHAN """"a"""",;""";"=""-12345678901234567,10"""\r\n',
  );
});

for (const format of formats) {
  test(`${format.name}: the same rows are the same bytes, however they come`, async () => {
    const lines = Array.from({ length: 12_345 }, (_, n) => line.replace('0012', String(n)));
    const inPieces = async (count: number): Promise<string> => {
      const pieces = [];
      for (let at = 0; at < lines.length; at += count) {
        pieces.push(lines.slice(at, at + count).join(''));
      }
      const digest = createHash('sha256');
      for await (const bytes of format.write(report, rows(...pieces))) digest.update(bytes);
      return digest.digest('hex');
    };
    const digests = [await inPieces(lines.length), await inPieces(700), await inPieces(4_999)];
    assert.equal(new Set(digests).size, 1, 'the entity tag says so');
  });
}
