/** Every view × language × light × width, looked at by axe: not one violation, and nothing beside the page. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { DATE } from '../support/pair.ts';
import { violations } from './axe.ts';
import { setStage } from './stage.ts';

/** A phone, an old screen or a wide one at 200 %, a wide one. */
const WIDTHS = [390, 960, 1_920];
const THEMES = ['light', 'dark'] as const;
const LANGUAGES = ['en', 'tr'] as const;
/** `CONSOLE_IMAGES=1 npx node --test test/console/accessibility.test.ts` takes the pictures of docs/ anew. */
const IMAGES =
  process.env['CONSOLE_IMAGES'] === undefined
    ? undefined
    : join(import.meta.dirname, '../../docs/images');

const BEFORE = '20260227';
/** One report is never ready: MKS is asked for it all the while. */
const POLL = { MKS_STATUS_POLL_SECONDS: '1' };
const stage = await setStage({ shape: { rows: 24 } }, undefined, POLL);
const ready = await stage.ask('chief', { member: 'TIB', processDate: DATE });
await stage.ask('chief', { member: 'TIB', processDate: BEFORE });
stage.sandbox.faults.arm({ name: 'code', code: 'RP015', service: 'balance-report', times: 1 });
const failed = await stage.ask('chief', { member: 'TIB', processDate: '20260226' });
// MKS goes on making it until the end of this file.
stage.sandbox.faults.arm({
  name: 'code',
  code: 'RP023',
  service: 'async-report-status',
  times: -1,
});
const preparing = await stage.ask('chief', { member: 'AKY', processDate: '20260224' }, false);
const queued = await stage.ask('chief', { member: 'AKY', processDate: '20260225' }, false);

interface View {
  name: string;
  path: string;
  /** What is there when the view is. */
  there: string;
  /** What else is done before it is looked at. */
  prepare?: (page: Page) => Promise<void>;
  isImage?: boolean;
}

const VIEWS: View[] = [
  { name: 'balances', path: 'balances', there: 'form .fields' },
  { name: 'report', path: `balances/${ready}`, there: 'table td.number', isImage: true },
  { name: 'preparing', path: `balances/${preparing}`, there: 'progress' },
  { name: 'queued', path: `balances/${queued}`, there: 'progress' },
  { name: 'failure', path: `balances/${failed}`, there: '[role=alert]' },
  {
    name: 'changes',
    path: `changes?member=TIB&from=${BEFORE}&to=${DATE}`,
    there: 'table td.number',
  },
  { name: 'check', path: 'check', there: 'input[type=file]', prepare: checkLedger, isImage: true },
  { name: 'operations', path: 'operations', there: 'figure svg', isImage: true },
  { name: 'trail', path: 'trail', there: 'table td' },
];

for (const view of VIEWS) {
  test(`${view.name} can be used by everybody`, async () => {
    const { page, complaints } = await stage.enter('chief', { width: 1_280 });
    await page.goto(`${stage.url}/console#/${view.path}`);
    await page.locator(view.there).first().waitFor();
    await view.prepare?.(page);
    for (const language of LANGUAGES) {
      await choose(page, 'lang', language, language === 'tr' ? 'Türkçe' : 'English');
      for (const theme of THEMES) {
        const name = {
          en: { light: 'Light', dark: 'Dark' },
          tr: { light: 'Açık renk', dark: 'Koyu renk' },
        };
        await choose(page, 'data-theme', theme, name[language][theme]);
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 1_000 });
          await page.locator(view.there).first().waitFor();
          const place = `${view.name} ${language} ${theme} ${width}`;
          assert.deepEqual(await violations(page), [], place);
          assert.equal(await beside(page), 0, `${place}: wider than the screen`);
        }
        if (view.isImage === true && IMAGES !== undefined)
          await picture(page, view, language, theme);
      }
    }
    assert.deepEqual(complaints, []);
    await page.context().close();
  });
}

test('the way in can be used by everybody, and by keyboard alone', async () => {
  const { page } = await stage.open();
  assert.deepEqual(await violations(page), []);
  // The field has the focus: a key and Enter are all that is needed.
  await page.keyboard.type('chief-key');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Ask for a day' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Ask for a day' }).waitFor();
  const focused = 'document.activeElement.textContent.trim()';
  const seen: string[] = [];
  for (let step = 0; step < 18; step += 1) {
    await page.keyboard.press('Tab');
    seen.push(String(await page.evaluate(focused)));
  }
  for (const name of ['Changes', 'Operations', 'Türkçe', 'Get the balances']) {
    assert.ok(seen.includes(name), `${name} is not reached: ${seen.join(' | ')}`);
  }
});

async function choose(page: Page, attribute: string, value: string, button: string): Promise<void> {
  const now = await page.locator('html').getAttribute(attribute);
  if (now !== value) await page.getByRole('button', { name: button, exact: true }).click();
  await page.locator(`html[${attribute}=${value}]`).waitFor();
}

/** How far the page can be moved sideways: tables alone may be, each in its frame. */
async function beside(page: Page): Promise<number> {
  const width = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
  return Number(await page.evaluate(width));
}

async function checkLedger(page: Page): Promise<void> {
  const buffer = Buffer.from(
    'HESAP;ALT_HESAP;ISIN;BAKIYE;NOT\r\n1;SERB;TRAGARAN91N1;1,5;x\r\n1;SERB;TRATUPRS91E8;1,10;\r\n',
  );
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'defter.csv', mimeType: 'text/csv', buffer });
  await page.locator('select[name=member]').selectOption('TIB');
  await page.locator('input[name=day]').fill('2026-03-02');
  await page.locator('form button.primary').click();
  await page.locator('dl.facts').waitFor();
}

/** One language in each light: enough to see both. */
async function picture(page: Page, view: View, language: string, theme: string): Promise<void> {
  if (IMAGES === undefined || (language === 'en') !== (theme === 'light')) return;
  await page.setViewportSize({ width: 1_100, height: 760 });
  mkdirSync(IMAGES, { recursive: true });
  await page.locator(view.there).first().waitFor();
  await page.screenshot({ path: join(IMAGES, `console-${view.name}-${language}.png`) });
}
