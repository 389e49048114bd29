/** The back office's day in a real browser: ask, follow, read, sort, add up, download, cancel, see a failure. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { readXlsx } from 'hucre/xlsx';
import type { Page } from 'playwright-core';
import { DATE } from '../support/pair.ts';
import { setStage } from './stage.ts';

const DAY = '2026-03-02';
const ROWS = 1_200;
const stage = await setStage({ shape: { rows: ROWS } });

const expected = () => [...stage.sandbox.expectedRows({ member: 'TIB', processDate: DATE })];

/** The texts of a column of the table in sight. */
async function column(page: Page, name: string): Promise<string[]> {
  await page.locator('[aria-busy=false] thead').waitFor();
  const heads = await page.locator('thead th').allTextContents();
  const place = heads.findIndex((head) => head.replace(/[▲▼]/, '').trim() === name);
  assert.notEqual(place, -1, `${name} is not among ${heads.join(', ')}`);
  return page.locator(`table tbody td:nth-child(${place + 1})`).allTextContents();
}

async function askFor(page: Page, day: string): Promise<void> {
  await page.getByLabel('Day').fill(day);
  await page.getByRole('button', { name: 'Get the balances' }).click();
}

test('asks for the key once, and keeps it for this tab alone', async () => {
  const { page, complaints } = await stage.open();
  const field = page.getByLabel('API key');
  await field.fill('nobody-has-this');
  await page.getByRole('button', { name: 'Enter' }).click();
  await page.getByText('This key did not pass.').waitFor();
  await field.fill('office-key');
  await page.getByRole('button', { name: 'Enter' }).click();
  await page.getByRole('heading', { name: 'Ask for a day' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Ask for a day' }).waitFor();
  const kept = await page.evaluate('JSON.stringify([{ ...localStorage }, document.cookie])');
  assert.doesNotMatch(String(kept), /office-key/);
  await page.getByRole('button', { name: 'Leave' }).click();
  await field.waitFor();
  assert.equal(await page.evaluate('sessionStorage.length'), 0);
  assert.deepEqual(complaints, []);
});

test('asks, follows, reads, sorts, searches and adds up', async () => {
  const { page, complaints } = await stage.enter('office');
  await askFor(page, DAY);
  await page.getByText('Time passed').waitFor();
  const table = page.getByRole('table');
  await table.waitFor();
  assert.match(page.url(), /#\/balances\/[0-9a-f-]{36}$/);
  assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), 'TIB · 2 Mar 2026');
  const rows = expected();
  assert.deepEqual(
    await column(page, 'Account'),
    rows.slice(0, 50).map(({ mbrAccNo }) => mbrAccNo),
  );

  await page.getByRole('button', { name: 'ISIN', exact: true }).click();
  await page.locator('th[aria-sort=ascending]').getByText('ISIN').waitFor();
  const isins = rows.map(({ isin }) => isin).toSorted();
  assert.deepEqual(await column(page, 'ISIN'), isins.slice(0, 50));
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText('51–100 of 1,200').waitFor();
  assert.deepEqual(await column(page, 'ISIN'), isins.slice(50, 100));

  const [first] = isins;
  assert.ok(first !== undefined);
  const count = isins.filter((isin) => isin === first).length;
  await page.getByLabel('Search in all fields').fill(first.toLowerCase());
  await page.getByText(`of ${count}`, { exact: false }).waitFor();
  await page.getByLabel('Search in all fields').fill('');
  await page.getByRole('button', { name: 'Total by ISIN' }).click();
  await page.getByRole('row', { name: new RegExp(`^${first} ${count} `) }).waitFor();
  assert.deepEqual(complaints, []);
});

test('adds up exactly what no double could hold', async () => {
  const { page } = await stage.enter('office');
  await askFor(page, DAY);
  const sum = page.getByText('Sum of these balances:').locator('xpath=following-sibling::b');
  await sum.waitFor();
  const places = 6;
  const units = expected().map(({ balanceAmount }) => {
    const [whole = '', fraction = ''] = balanceAmount.split('.');
    return BigInt(whole + fraction.padEnd(places, '0'));
  });
  const total = String(units.reduce((one, other) => one + other, 0n));
  assert.equal((await sum.textContent())?.replaceAll(/[,.]/g, ''), total);
});

test('downloads a workbook that holds the rows', async () => {
  const { page } = await stage.enter('office');
  await askFor(page, DAY);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Excel' }).click(),
  ]);
  assert.equal(download.suggestedFilename(), `MKK_TIB_${DAY}.xlsx`);
  const { sheets } = await readXlsx(await readFile(await download.path()));
  const [head, ...lines] = sheets[0]?.rows ?? [];
  assert.equal(head?.[6], 'ISIN');
  assert.deepEqual(
    lines.map((line) => String(line[6])),
    expected().map(({ isin }) => isin),
  );
});

test('cancels what has not been sent, and shows the queue', async () => {
  stage.sandbox.faults.arm({
    name: 'unsigned-failure',
    code: 'RP003',
    service: 'balance-report',
    times: -1,
  });
  const { page } = await stage.enter('office');
  await askFor(page, '2026-03-03');
  await page.getByText('MKS is busy with another report').waitFor();
  await page.goto(`${stage.url}/console#/balances`);
  await askFor(page, '2026-03-04');
  await page.getByText('Position in the queue').waitFor();
  await page.getByRole('button', { name: 'Cancel the request' }).click();
  await page.getByText('Cancelled').waitFor();
  stage.sandbox.faults.clear();
});

test('shows a failure with who mends it, and its page', async () => {
  const { page } = await stage.enter('office', { language: 'tr' });
  await page.getByText('Son raporlar').waitFor();
  // Not once: what the test before has left in the queue is asked for again, and might take it.
  stage.sandbox.faults.arm({ name: 'code', code: 'RP015', service: 'balance-report', times: -1 });
  await page.getByLabel('Gün').fill('2026-03-05');
  await page.getByRole('button', { name: 'Bakiyeleri getir' }).click();
  const note = page.getByRole('alert');
  await note.waitFor();
  stage.sandbox.faults.clear();
  await note.getByText('Üyenin ana yetkilisi', { exact: false }).waitFor();
  const [about] = await Promise.all([
    page.context().waitForEvent('page'),
    note.getByRole('link', { name: 'Bu sorun hakkında' }).click(),
  ]);
  await about.waitForLoadState();
  assert.match(about.url(), /\/problems\/mks-rejected\?lang=tr$/);
});
