/** What changed since the day before, and a ledger against a day, in a real browser. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { readXlsx } from 'hucre/xlsx';
import { DATE } from '../support/pair.ts';
import { setStage } from './stage.ts';

const BEFORE = '20260227';
const stage = await setStage({ shape: { rows: 300 } });

test('asks for the days that are missing, and shows what changed between them', async () => {
  const { page, complaints } = await stage.enter('office');
  await page.getByRole('link', { name: 'Changes' }).click();
  await page.getByLabel('From').fill('2026-02-27');
  await page.getByLabel('To', { exact: true }).fill('2026-03-02');
  await page.getByRole('button', { name: 'Compare' }).click();
  await page.getByRole('alert').waitFor();
  await page.getByRole('button', { name: 'Get 27 Feb 2026' }).click();
  await page.getByRole('table').waitFor();
  await stage.ask('office', { member: 'TIB', processDate: DATE });
  await page.goBack();
  await page.getByText('Unchanged').waitFor();

  const response = await fetch(`${stage.url}/balances/changes?from=${BEFORE}&to=${DATE}`, {
    headers: { authorization: 'Bearer office-key' },
  });
  const { changes, counts } = (await response.json()) as {
    changes: { isin: string; difference: string }[];
    counts: Record<string, number>;
  };
  assert.ok(changes.length > 50, `${changes.length} changes`);
  await page.getByText(`1–50 of ${changes.length}`).waitFor();
  const facts = await page.locator('dl.facts dd').allTextContents();
  assert.deepEqual(
    facts.slice(0, 4).map((text) => Number(text.trim())),
    ['added', 'removed', 'changed', 'same'].map((name) => counts[name]),
  );
  const place = (await page.locator('thead th').allTextContents()).findIndex((head) =>
    head.includes('Difference'),
  );
  const shown = await page.locator(`tbody td:nth-child(${place + 1})`).allTextContents();
  assert.deepEqual(
    shown.map((text) => text.trim().replace('−', '-').replaceAll(',', '')),
    changes.slice(0, 50).map(({ difference }) => difference),
  );
  assert.deepEqual(complaints, []);
});

test('shows how a ledger is read, then its breaks with their causes, and gives them as a workbook', async () => {
  await stage.ask('office', { member: 'TIB', processDate: DATE });
  const rows = [...stage.sandbox.expectedRows({ member: 'TIB', processDate: DATE })];
  const lines = rows.map((row) =>
    [
      row.mbrAccNo,
      row.subAccCode,
      row.secClassCode,
      row.mic,
      row.isin,
      row.addDefCode,
      row.balanceAmount,
    ]
      .map((cell) => `"${cell.replaceAll('"', '""')}"`)
      .join(';'),
  );
  const head = 'HESAP;ALT_HESAP;KIYMET_SINIFI;MIC;ISIN;EK_TANIM;BAKIYE';
  const wrong = lines.map((line, at) => (at % 40 === 7 ? line.replace(/"[^"]*"$/, '"1.5"') : line));
  const differing = lines.filter((line, at) => line !== wrong[at]).length;
  assert.ok(differing > 0);

  const { page, complaints } = await stage.enter('office');
  await page.getByRole('link', { name: 'Check', exact: true }).click();
  const buffer = Buffer.from([head, ...wrong].join('\r\n'));
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'defter.csv', mimeType: 'text/csv', buffer });
  await page.getByText('How the first lines are read').waitFor();
  assert.equal(await page.getByRole('row').count(), 6);
  await page.getByLabel('Day').fill('2026-03-02');
  await page.getByRole('button', { name: 'Compare' }).click();
  await page.getByText(`${differing} breaks`).waitFor();
  assert.equal(await page.getByRole('cell', { name: 'Different' }).count(), differing);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Excel' }).click(),
  ]);
  const { sheets } = await readXlsx(await readFile(await download.path()));
  assert.equal(sheets[0]?.rows.length, differing + 1);
  // It is kept, and can be opened again by its address, with the age of each break.
  await page.getByRole('region', { name: 'Earlier checks' }).getByRole('link').click();
  // The number of breaks stands on the page before too.
  await page.getByRole('cell', { name: '2 Mar 2026 (0 days)' }).first().waitFor();
  await page.getByText(`${differing} breaks`).waitFor();
  assert.match(page.url(), /#\/check\/[0-9a-f-]{36}$/);
  assert.equal(await page.getByRole('cell', { name: '2 Mar 2026 (0 days)' }).count(), differing);
  assert.deepEqual(complaints, []);
});

test('names every bad line of a ledger', async () => {
  const { page } = await stage.enter('office', { language: 'tr' });
  await page.getByRole('link', { name: 'Kontrol', exact: true }).click();
  const buffer = Buffer.from('HESAP;ALT_HESAP;ISIN;BAKIYE\r\n1;SERB;TRAGARAN91N1;1.2.3\r\n');
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'defter.csv', mimeType: 'text/csv', buffer });
  const note = page.getByRole('alert');
  await note.waitFor();
  assert.match((await note.locator('li').textContent()) ?? '', /2/);
});
