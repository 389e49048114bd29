/** MKS's own archive in the check of a ledger, in a real browser: its password is asked for, sent, and let go. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { writeArchive } from '../../sandbox/archives/archive.ts';
import { DEFAULT_SHAPE } from '../../sandbox/shape.ts';
import { temporaryFolder } from '../support/folder.ts';
import { DATE } from '../support/pair.ts';
import { violations } from './axe.ts';
import { setStage } from './stage.ts';

/** With letters that a header can bear as UTF-8 alone. */
const PASSWORD = 'Gizli-Şifre 1%';
const stage = await setStage({ shape: { rows: 60 } });
const report = await stage.ask('office', { member: 'TIB', processDate: DATE });
const archive = await archiveOf(report);

/** Its rows as MKS would give them by hand; the name says nothing of what is in it. */
async function archiveOf(id: string): Promise<string> {
  const headers = { authorization: 'Bearer office-key' };
  const rows = await fetch(`${stage.url}/balances/${id}/rows?format=csv`, { headers });
  assert.equal(rows.status, 200);
  const file = join(await temporaryFolder(), 'indirilen');
  const content = ReadableStream.from([new Uint8Array(await rows.arrayBuffer())]);
  const shape = { ...DEFAULT_SHAPE, encryption: 'aes-256' } as const;
  const entries = [{ name: 'MKK_RP166.csv', content }];
  await writeArchive(file, entries, PASSWORD, shape, AbortSignal.timeout(10_000));
  return file;
}

/** All that the browser would still know. */
async function stored(page: Page): Promise<string> {
  return String(
    await page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])'),
  );
}

test('asks for the password of an archive, says when it is wrong, and compares', async () => {
  const { page, complaints } = await stage.enter('office');
  await page.goto(`${stage.url}/console#/check`);
  await page.locator('input[type=file]').setInputFiles(archive);
  const field = page.getByLabel('Password of the archive', { exact: true });
  await field.waitFor();
  assert.equal(await field.getAttribute('type'), 'password');
  assert.equal(await field.getAttribute('autocomplete'), 'off');
  await page.getByRole('status').filter({ hasText: 'an archive' }).waitFor();

  const compare = page.getByRole('button', { name: 'Compare' });
  await page.getByLabel('Day').fill('2026-03-02');
  await field.fill('Yanlış 1');
  await compare.click();
  const refusal = page.getByRole('alert');
  await refusal.filter({ hasText: 'does not open the archive' }).waitFor();
  assert.equal(await refusal.count(), 1);
  // Empty again, with the focus, and told to be wrong to who hears the page.
  assert.equal(await field.inputValue(), '');
  assert.equal(await page.evaluate('document.activeElement.name'), 'zipPassword');
  assert.equal(await field.getAttribute('aria-invalid'), 'true');
  const described = (await field.getAttribute('aria-describedby')) ?? '';
  assert.ok(described.split(' ').includes((await refusal.getAttribute('id')) ?? ''), described);
  assert.deepEqual(await violations(page), []);

  const sent = page.waitForRequest(/\/balances\/check\?/);
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByText('everything agrees').waitFor();
  const { 'content-type': type } = await (await sent).allHeaders();
  assert.equal(type, 'application/zip');
  const facts = await page.locator('dl.facts dd').allTextContents();
  assert.equal(facts[0]?.trim(), '60');
  assert.equal(await page.getByRole('alert').count(), 0);
  assert.equal(await field.inputValue(), '');
  assert.equal(await field.getAttribute('aria-invalid'), 'false');
  const border = (name: string) =>
    page.evaluate(`getComputedStyle(document.querySelector("[name=${name}]")).borderColor`);
  assert.equal(await border('zipPassword'), await border('ledger'), 'emptied is not mistaken');
  assert.doesNotMatch((await stored(page)) + (await page.content()), /Gizli|Yanlış/);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('says it in Turkish, and asks for no password once the ledger is csv', async () => {
  const { page, complaints } = await stage.enter('office', { language: 'tr' });
  await page.goto(`${stage.url}/console#/check`);
  await page.locator('input[type=file]').setInputFiles(archive);
  const field = page.getByLabel('Arşivin parolası', { exact: true });
  await page.getByLabel('Gün').fill('2026-03-02');
  // A header cannot bear spaces at its ends: the browser says so, and nothing is sent.
  await field.fill(`${PASSWORD} `);
  await page.getByRole('button', { name: 'Karşılaştır' }).click();
  const mismatch = 'document.querySelector("[name=zipPassword]").validity.patternMismatch';
  assert.equal(await page.evaluate(mismatch), true);
  assert.equal(await field.inputValue(), `${PASSWORD} `);
  await field.fill('Yanlış 1');
  await page.getByRole('button', { name: 'Karşılaştır' }).click();
  await page.getByRole('alert').filter({ hasText: 'Bu parola arşivi açmıyor' }).waitFor();

  const buffer = Buffer.from('HESAP;ALT_HESAP;ISIN;BAKIYE\r\n1;SERB;TRAGARAN91N1;1,25\r\n');
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'MKK_RP166.zip', mimeType: 'application/zip', buffer });
  await page.getByText('İlk satırlar böyle okunuyor').waitFor();
  assert.equal(await field.count(), 0);
  assert.equal(await page.getByRole('alert').count(), 0);
  assert.deepEqual(complaints, []);
  await page.context().close();
});
