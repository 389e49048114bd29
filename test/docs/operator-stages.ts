/** What the guides of those who run a gateway are read beside: one that runs as theirs does, or nothing but the sandbox. */
import { createHash } from 'node:crypto';
import { readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cleanup } from '../support/cleanup.ts';
import { writeArchive } from '../../sandbox/archives/archive.ts';
import { DEFAULT_SHAPE } from '../../sandbox/shape.ts';
import type { Sandbox } from '../../sandbox/index.ts';
import { temporaryFolder } from '../support/folder.ts';
import { spawnGateway, startTestGateway, type Environment } from '../support/gateway.ts';
import { client, DATE, environmentOf, startTestSandbox } from '../support/pair.ts';
import { freePort } from '../support/port.ts';
import { sharedSealingKeysFile } from '../support/sealing.ts';
import { startTcpRedis } from '../support/tcp-redis.ts';
import { until } from '../support/until.ts';
import type { Stage } from './run-page.ts';

const KEY = 'the-key-of-the-operator';

const ALWAYS_OPEN = {
  SERVICE_HOURS_GROUP_1: '00:00-24:00',
  SERVICE_HOURS_GROUP_4: '00:00-24:00',
};
/** Keys by MKK's rules, as the doctor wants them, take a while: one for all stages. */
const mkk = temporaryFolder();

/**
 * A gateway over a Redis of the operator's; the shell has its environment. The day of its standing order has failed, one
 * report is with MKS and the next one waits, so that each look finds something.
 */
export async function startOperating(t: Cleanup): Promise<Stage> {
  const dataDirectory = await mkk;
  const options = { memberKeyBits: 4096, dataDirectory, prepareSeconds: 3_600 };
  const sandbox = await startTestSandbox(t, options);
  sandbox.faults.arm({ name: 'code', code: 'RP048', service: 'balance-report' });
  const { url: REDIS_URL } = await startTcpRedis(t);
  const [DATA_DIR, files] = await Promise.all([temporaryFolder(), temporaryFolder()]);
  await mkdir(join(files, 'out'));
  const order = { name: 'nightly', member: 'TIB', at: '00:00', date: 'yesterday', catchUpDays: 0 };
  const orders = [{ ...order, deliver: { folder: 'out', formats: ['csv'] } }];
  const STANDING_ORDERS_FILE = join(files, 'orders.json');
  writeFileSync(STANDING_ORDERS_FILE, JSON.stringify({ orders }));
  const API_CLIENTS_FILE = join(files, 'clients.json');
  const keySha256 = createHash('sha256').update(KEY).digest('hex');
  const entry = { name: 'operator', keySha256, members: ['TIB'], operator: true, auditor: true };
  writeFileSync(API_CLIENTS_FILE, JSON.stringify({ clients: [entry] }), { mode: 0o600 });
  const env = {
    ...environmentOf(sandbox),
    ...ALWAYS_OPEN,
    // No report is ready while the page is read.
    MKS_STATUS_POLL_SECONDS: '1',
    DATA_DIR,
    REDIS_URL,
    SEALING_KEYS_FILE: await sharedSealingKeysFile(),
    API_CLIENTS_FILE,
    STANDING_ORDERS_FILE,
  };
  const { url } = await spawnGateway(t, env);
  const headers = { authorization: `Bearer ${KEY}`, prefer: 'respond-async' };
  const { ask, get } = client(url);
  const isThere = async (state: string): Promise<boolean> =>
    (await (await get(`/balances?state=${state}`, headers)).text()).includes(`"state":"${state}"`);
  await until(() => isThere('failed'));
  for (const processDate of [DATE, '20260303']) await ask({ processDate }, headers);
  await until(() => isThere('preparing'));
  return { env: { ...env, MKS_GATEWAY_URL: url, MKS_GATEWAY_KEY: KEY }, stands: {} };
}

/** The demo, with its folder where it is. @param folder where the page is read. */
export async function startArchitecture(t: Cleanup, folder: string): Promise<Stage> {
  const sandbox = await startTestSandbox(t, { shape: { rows: 1000 } });
  const DATA_DIR = join(folder, '.demo/gateway');
  await mkdir(DATA_DIR, { recursive: true });
  const { url } = await startTestGateway(t, { ...environmentOf(sandbox), DATA_DIR });
  return { env: {}, stands: { 'http://127.0.0.1:3000': url } };
}

/**
 * The demo, with a file of profiles that the reader will fill; the shell has the gateway's certificates of MKK.
 * @param folder where the page is read.
 */
export async function startReconciling(t: Cleanup, folder: string): Promise<Stage> {
  const sandbox = await startTestSandbox(t, { shape: { rows: 1000 } });
  const CHECK_PROFILES_FILE = join(folder, 'profiles.json');
  writeFileSync(CHECK_PROFILES_FILE, JSON.stringify({ profiles: [{ name: 'another' }] }));
  const mks = environmentOf(sandbox);
  const { url } = await startTestGateway(t, { ...mks, CHECK_PROFILES_FILE });
  return { env: { ...mks, MKS_GATEWAY_URL: url }, stands: { 'http://127.0.0.1:3000': url } };
}

/**
 * MKK, played by the sandbox, and a Redis: all else is the reader's to make.
 * @param folder where the page is read; the sandbox keeps its files there, as `npm run sandbox` does.
 */
export async function startGoingLive(t: Cleanup, folder: string): Promise<Stage> {
  const dataDirectory = join(folder, 'sandbox-data');
  const sandbox = await startTestSandbox(t, { dataDirectory, shape: { rows: 1000 } });
  const { url: redis } = await startTcpRedis(t);
  const port = await freePort();
  const MKS_LEDGER_PASSWORD = 'Screen-2025';
  await layArchive(sandbox, join(folder, 'MKK_RP166_20250506.zip'), MKS_LEDGER_PASSWORD);
  const here = `http://127.0.0.1:${port}`;
  const env: Environment = { PORT: String(port), MKS_GATEWAY_URL: here, MKS_LEDGER_PASSWORD };
  return {
    env,
    stands: {
      'http://127.0.0.1:3000': here,
      'http://127.0.0.1:4443': sandbox.url,
      'redis://127.0.0.1:6379': redis,
    },
  };
}

/** What the member downloads from MKS's screens: the day as CSV, in a zip with a password. */
async function layArchive(sandbox: Sandbox, path: string, password: string): Promise<void> {
  const { bytes } = sandbox.ledger({ processDate: '20250505', breaks: {} });
  const content = (async function* () {
    for await (const piece of bytes()) yield new Uint8Array(piece);
  })();
  const signal = AbortSignal.timeout(10_000);
  await writeArchive(path, [{ name: 'rapor.csv', content }], password, DEFAULT_SHAPE, signal);
}

/** A clone that the reader may change: nothing of it is a link to ours, but for what is only read. */
export async function startAddingService(_t: Cleanup, folder: string): Promise<Stage> {
  for (const name of readdirSync(folder)) {
    if (['node_modules', '.redis'].includes(name)) continue;
    const path = join(folder, name);
    const original = realpathSync(path);
    await rm(path);
    await cp(original, path, { recursive: true });
  }
  return {
    env: {
      // What is compiled of these copies is of no use to anybody later.
      NODE_COMPILE_CACHE: await temporaryFolder(),
      // tsc collects its garbage less often: a fifth of what the page takes.
      GOGC: '400',
    },
    stands: {},
  };
}
