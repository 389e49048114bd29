/**
 * Debian's Chromium for the tests of the console; `scripts/setup.mjs --with-chromium` installs it. The one without a
 * screen of its own draws the same for a fifth of the work; where there is only the whole one, that does.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { Cleanup } from './cleanup.ts';

const PROGRAMS = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];

export async function startBrowser(t: Cleanup): Promise<Browser> {
  const executablePath = PROGRAMS.find((program) => existsSync(program));
  assert.ok(
    executablePath !== undefined,
    'chromium is missing: run `node scripts/setup.mjs --with-chromium`',
  );
  const browser = await chromium.launch({
    executablePath,
    // Its sandbox refuses root, who runs the tests in containers; it sees nothing but our own page.
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
  t.after(() => browser.close());
  return browser;
}

export interface Tab {
  page: Page;
  /** What the page must not have done: errors, and requests to anywhere but the gateway. */
  complaints: string[];
}

/** A tab of a reader with nothing stored; every complaint of the browser is kept. */
export async function openTab(
  browser: Browser,
  url: string,
  options: { language?: 'en' | 'tr'; width?: number; height?: number } = {},
): Promise<Tab> {
  const { language = 'en', width = 1280, height = 900 } = options;
  const context = await browser.newContext({
    locale: language,
    timezoneId: 'Europe/Istanbul',
    viewport: { width, height },
    acceptDownloads: true,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    // A refusal that the page shows is told here too.
    const isRefusal = /the server responded with a status of/.test(message.text());
    if (message.type() === 'error' && !isRefusal) complaints.push(message.text());
  });
  page.on('request', (request) => {
    const address = request.url();
    if (!address.startsWith(url) && !address.startsWith('blob:')) complaints.push(address);
  });
  return { page, complaints };
}
