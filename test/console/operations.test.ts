/** The operator's and the auditor's console in a real browser: what is seen, what may be done, and by whom. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { DATE } from '../support/pair.ts';
import { until } from '../support/until.ts';
import { setStage } from './stage.ts';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const ORDER = { name: 'nightly', member: 'AKY', at: '00:00', date: 'yesterday', days: DAYS };
const stage = await setStage({ shape: { rows: 60 } }, [{ ...ORDER, catchUpDays: 1 }]);

test('shows hours, verdict, members, the queue and the report under way with its messages', async () => {
  await stage.ask('chief', { member: 'TIB', processDate: DATE });
  stage.sandbox.faults.arm({ name: 'delay', ms: 2_000, service: 'async-report-status', times: -1 });
  const { page, complaints } = await stage.enter('chief');
  for (const processDate of ['20260303', '20260304', '20260305']) {
    await stage.ask('chief', { member: 'TIB', processDate }, false);
  }
  await page.getByRole('link', { name: 'Operations' }).click();
  await page.getByText('at all hours').first().waitFor();
  await page.getByText('All is well').first().waitFor();
  const members = page.getByRole('region', { name: 'Members' });
  await members.getByRole('row', { name: /^TIB Running/ }).waitFor();
  const queue = page.getByRole('region', { name: 'Queue' });
  await queue.getByRole('row', { name: /^1 TIB · 4 Mar 2026 Queued Waits for its turn/ }).waitFor();
  await queue.getByRole('row', { name: /^2 TIB · 5 Mar 2026/ }).waitFor();
  await page.getByRole('heading', { name: 'With MKS now: TIB · 3 Mar 2026' }).waitFor();
  const said = stage.sandbox.log.filter(({ path }) => path.endsWith('/balance-report'));
  const reference = said.at(-1)?.reference ?? '';
  assert.notEqual(reference, '');
  await page.getByRole('region', { name: 'Messages to MKS' }).getByText(reference).waitFor();
  assert.equal((await page.locator('figure.plot svg rect').count()) > 2, true);
  stage.sandbox.faults.clear();
  assert.deepEqual(complaints, []);
});

test('shows what became of standing orders', async () => {
  const { page } = await stage.enter('chief');
  await page.getByRole('link', { name: 'Operations' }).click();
  const orders = page.getByRole('region', { name: 'Standing orders' });
  await orders.getByRole('row', { name: /^nightly AKY .* ready/ }).waitFor({ timeout: 40_000 });
});

test('pauses and resumes a member for an operator, and tells another decently why not', async () => {
  const { page } = await stage.enter('chief');
  await page.getByRole('link', { name: 'Operations' }).click();
  await page.getByRole('button', { name: 'Pause: AKY' }).click();
  await page.getByRole('row', { name: /^AKY Paused/ }).waitFor();
  await page.getByRole('button', { name: 'Resume: AKY' }).click();
  await page.getByRole('row', { name: /^AKY Running/ }).waitFor();

  const { page: other } = await stage.enter('office');
  await other.getByRole('link', { name: 'Operations' }).click();
  await other.getByRole('button', { name: 'Pause: TIB' }).click();
  await other.getByRole('alert').getByText('Only an operator may pause').waitFor();
});

test('shows an auditor who did what, by filters, and as a file; nobody else', async () => {
  const { page, complaints } = await stage.enter('chief');
  await page.getByRole('link', { name: 'Trail' }).click();
  const table = page.getByRole('region', { name: 'Access trail' });
  await table.getByText('paused a member').waitFor();
  await page.getByLabel('What was done').selectOption('denied');
  await page.getByRole('button', { name: 'Show' }).click();
  await table.getByText('was refused (POST /members/:member/pause)').waitFor();
  assert.match(page.url(), /action=denied/);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'NDJSON' }).click(),
  ]);
  const lines = (await readFile(await download.path(), 'utf8')).trim().split('\n');
  const actions = lines.map((line) => (JSON.parse(line) as { action: string }).action);
  assert.deepEqual([...new Set(actions)], ['denied']);
  assert.deepEqual(complaints, []);

  const { page: other } = await stage.enter('office', { language: 'tr' });
  await other.getByRole('link', { name: 'İz' }).click();
  await other.getByRole('alert').getByText('Erişim izini yalnızca denetçi').waitFor();
});

test('says when the gateway is away, keeps what it shows, and comes back by itself', async () => {
  const { page } = await stage.enter('chief');
  await page.getByText('Latest reports').waitFor();
  await page.getByRole('link', { name: '2 Mar 2026' }).waitFor();
  await page.context().setOffline(true);
  await page.getByText('The gateway does not answer.').waitFor();
  await page.getByRole('link', { name: '2 Mar 2026' }).waitFor();
  await page.context().setOffline(false);
  await until(async () => (await page.getByText('The gateway does not answer.').count()) === 0);
});

test('follows a report on when the connection fails, breaks, or is closed before the end', async () => {
  const { page } = await stage.enter('office');
  const id = await stage.ask('chief', { member: 'TIB', processDate: '20260306' });
  const report = await fetch(`${stage.url}/balances/${id}`, {
    headers: { authorization: 'Bearer office-key' },
  });
  const queued = { ...((await report.json()) as object), state: 'queued', queue: { position: 7 } };
  let tried = 0;
  await page.route('**/events', async (route) => {
    tried += 1;
    if (tried === 1) return route.abort('connectionreset');
    const body = `retry: 2000\n\nid: 1\nevent: report\ndata: ${JSON.stringify(queued)}\n\n`;
    if (tried === 2) return route.fulfill({ status: 200, contentType: 'text/event-stream', body });
    return route.continue();
  });
  await page.goto(`${stage.url}/console#/balances/${id}`);
  await page.getByText('The gateway does not answer.').waitFor();
  await page.getByText('Position in the queue').waitFor();
  await page.getByRole('table').waitFor();
  assert.ok(tried >= 3, `${tried} connections`);
});

test('leads to any view by its address, also behind the key', async () => {
  const { page } = await stage.open();
  await page.goto(`${stage.url}/console#/changes?member=TIB&from=20260227&to=${DATE}`);
  await page.locator('input[name=key]').fill('office-key');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Changes' }).waitFor();
  assert.equal(await page.locator('input[name=to]').inputValue(), '2026-03-02');
});
