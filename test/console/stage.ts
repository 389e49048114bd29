/** A gateway with data, clients of each kind and a browser in front of it, shared by a file of tests. */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, type TestContext } from 'node:test';
import type { Sandbox, SandboxOptions } from '../../sandbox/index.ts';
import { openTab, startBrowser, type Tab } from '../support/browser.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startTestGateway, type Environment } from '../support/gateway.ts';
import { environmentOf, startTestSandbox } from '../support/pair.ts';

/** What each may do; a key is the name and `-key`. */
const CLIENTS = [
  { name: 'office', members: ['TIB'] },
  { name: 'chief', members: ['AKY', 'TIB'], operator: true, auditor: true },
];

export type ClientName = 'office' | 'chief';

export interface Stage {
  sandbox: Sandbox;
  url: string;
  /** A tab in which the client has entered its key. */
  enter(client: ClientName, options?: Parameters<typeof openTab>[2]): Promise<Tab>;
  /** One without a key. */
  open(options?: Parameters<typeof openTab>[2]): Promise<Tab>;
  /** Asks as the client would, and waits for the end unless told; the id of the report. */
  ask(
    client: ClientName,
    body: { processDate: string; member: string },
    isWaiting?: boolean,
  ): Promise<string>;
}

/** Closed after the file's last test. */
const cleanup = { after: after as TestContext['after'] };

/**
 * @param orders standing orders, as their file has them.
 * @param settings of the gateway.
 */
export async function setStage(
  options: SandboxOptions = {},
  orders?: readonly object[],
  settings: Environment = {},
): Promise<Stage> {
  const members = ['AKY', 'TIB'].map((code) => ({ memberCode: code, userCode: `${code}991` }));
  const sandbox = await startTestSandbox(cleanup, { members, ...options });
  const folder = await temporaryFolder();
  const clientsFile = join(folder, 'clients.json');
  const clients = CLIENTS.map((client) => ({
    ...client,
    keySha256: createHash('sha256').update(`${client.name}-key`).digest('hex'),
  }));
  await writeFile(clientsFile, JSON.stringify({ clients }), { mode: 0o600 });
  const ordersFile = join(folder, 'orders.json');
  if (orders !== undefined) await writeFile(ordersFile, JSON.stringify({ orders }));
  const environment = {
    ...environmentOf(sandbox),
    API_CLIENTS_FILE: clientsFile,
    ...(orders !== undefined && { STANDING_ORDERS_FILE: ordersFile }),
    ...settings,
  };
  const { url } = await startTestGateway(cleanup, environment);
  const browser = await startBrowser(cleanup);
  const open: Stage['open'] = async (tabOptions) => {
    const tab = await openTab(browser, url, tabOptions);
    await tab.page.goto(`${url}/console`);
    return tab;
  };
  return {
    sandbox,
    url,
    open,
    async enter(client, tabOptions) {
      const tab = await open(tabOptions);
      await tab.page.locator('input[name=key]').fill(`${client}-key`);
      await tab.page.keyboard.press('Enter');
      await tab.page.locator('header nav').waitFor();
      return tab;
    },
    async ask(client, body, isWaiting = true) {
      const headers = { authorization: `Bearer ${client}-key`, prefer: 'respond-async' };
      const response = await fetch(`${url}/balances`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      await response.text();
      const path = response.headers.get('location') ?? '';
      const prefer = isWaiting ? 'wait=60' : 'wait=0';
      await (await fetch(url + path, { headers: { ...headers, prefer } })).text();
      return path.split('/').at(-1) ?? '';
    },
  };
}
