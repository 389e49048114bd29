/** What a guide finds where it is read: a gateway that runs, and the folder of the repository. */
import { createHash } from 'node:crypto';
import { readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cleanup } from '../support/cleanup.ts';
import { defined } from '../../src/lib/defined.ts';
import { lackIn, LANGUAGES } from '../examples/languages.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startTestGateway, type Environment } from '../support/gateway.ts';
import { environmentOf, startTestSandbox } from '../support/pair.ts';
import {
  startAddingService,
  startArchitecture,
  startGoingLive,
  startOperating,
  startReconciling,
} from './operator-stages.ts';
import type { Stage } from './run-page.ts';

const root = join(import.meta.dirname, '../..');
const KEY = 'the-key-of-the-guides';
const DEMO_MEMBERS = [
  { memberCode: 'TIB', userCode: 'TIB991' },
  { memberCode: 'AKY', userCode: 'AKY991' },
];

/** A folder that looks like the repository; what a guide writes there is gone with the test. */
export async function repositoryFolder(): Promise<string> {
  const folder = await temporaryFolder();
  const names = readdirSync(root).filter(
    (name) => !/^\.(?!redis$)|^(?:data|sandbox-data)$/.test(name),
  );
  for (const name of names) symlinkSync(join(root, name), join(folder, name));
  return folder;
}

/** What `npm run demo` starts: the sandbox's balances, no keys. */
async function startDemo(t: Cleanup, environment: Environment = {}): Promise<Stage> {
  const sandbox = await startTestSandbox(t, {
    members: DEMO_MEMBERS,
    shape: { rows: 1000 },
  });
  const { url } = await startTestGateway(t, { ...environmentOf(sandbox), ...environment });
  return {
    env: {},
    stands: { 'http://127.0.0.1:3000': url, 'http://127.0.0.1:4443': sandbox.url },
  };
}

/** The same with a clients file: the reader has got a key, which may operate and audit. */
async function startWithKey(t: Cleanup): Promise<Stage> {
  const file = join(await temporaryFolder(), 'clients.json');
  const keySha256 = createHash('sha256').update(KEY).digest('hex');
  const client = {
    name: 'reader',
    keySha256,
    members: DEMO_MEMBERS.map(({ memberCode }) => memberCode),
    operator: true,
    auditor: true,
  };
  writeFileSync(file, JSON.stringify({ clients: [client] }));
  const { stands } = await startDemo(t, { API_CLIENTS_FILE: file });
  const MKS_GATEWAY_URL = stands['http://127.0.0.1:3000'] ?? '';
  return {
    env: { MKS_GATEWAY_URL, MKS_GATEWAY_KEY: KEY },
    stands: { ...stands, 'your-key': KEY },
  };
}

/** The page sets address and key by itself, and runs each sample. */
async function startForSamples(t: Cleanup): Promise<Stage> {
  const lack = Object.values(LANGUAGES)
    .map(lackIn)
    .find((one) => one !== undefined);
  const { stands } = await startWithKey(t);
  return { env: {}, stands, ...defined({ lack }) };
}

/** By page; every other one is read beside the demo. */
const STAGES: Record<string, (t: Cleanup, folder: string) => Promise<Stage>> = {
  'calling.md': startForSamples,
  'adding-a-service.md': startAddingService,
  'architecture.md': startArchitecture,
  'cli.md': startWithKey,
  'going-live.md': startGoingLive,
  'operating.md': startOperating,
  'reconciling.md': startReconciling,
};

/** @param folder where the page is read. */
export function startStage(t: Cleanup, page: string, folder: string): Promise<Stage> {
  return (STAGES[page] ?? ((each: Cleanup) => startDemo(each)))(t, folder);
}
