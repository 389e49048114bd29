/** Differences as a workbook, read back by a reader that is not ours. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readXlsx } from 'hucre/xlsx';
import { differenceFormats } from '../../src/reconciliation/documents.ts';

test('a workbook holds every cell, and an amount as a number only where no digit is lost', async () => {
  const breaks = [
    { break: 'different', isin: 'TRAGARAN91N1', ledger: '1250.00', mks: '-0.5', difference: '1250.50' },
    { break: 'only-in-ledger', isin: '00123', ledger: '12345678901234567.123', difference: '12345678901234567.123' },
    { break: 'only-at-mks', isin: '=1+1', mks: '999999999999999', difference: '-999999999999999', ageDays: 3 },
  ]; // prettier-ignore
  const fields = ['break', 'isin', 'ledger', 'mks', 'difference', 'ageDays'];
  const pieces = breaks.map((each) => Buffer.from(`${JSON.stringify(each)}\n`));
  const frame = { head: {}, list: 'breaks', tail: {}, fields } as const;
  const written = await Array.fromAsync(differenceFormats.xlsx.write(frame, pieces));
  const { sheets } = await readXlsx(Buffer.concat(written));
  assert.equal(sheets[0]?.name, 'breaks');
  assert.deepEqual(
    sheets[0].rows.map((row) => fields.map((_, column) => row[column] ?? '')),
    [
      ['break', 'ISIN', 'ledger', 'mks', 'difference', 'ageDays'],
      ['different', 'TRAGARAN91N1', 1250, -0.5, 1250.5, ''],
      ['only-in-ledger', '00123', '12345678901234567.123', '', '12345678901234567.123', ''],
      ['only-at-mks', '=1+1', '', 999999999999999, -999999999999999, '3'],
    ],
  );
});
