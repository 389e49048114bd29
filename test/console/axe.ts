/** What axe finds against a page as it stands, such as a field without a label. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Each with the element and what is to do; axe is brought into the page when it is not there. */
export async function violations(page: Page): Promise<string[]> {
  if ((await page.evaluate('typeof axe')) === 'undefined') await page.evaluate(AXE);
  const run = 'axe.run({ resultTypes: ["violations"] }).then(({ violations }) => violations)';
  const found = (await page.evaluate(run)) as {
    id: string;
    nodes: { html: string; failureSummary?: string }[];
  }[];
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 150)} ${failureSummary ?? ''}`),
  );
}
