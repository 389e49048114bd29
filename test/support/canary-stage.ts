/** What the canaries are sent through: sandbox, proxy and Redis, each with a secret of its own. */
import { createHash, createPrivateKey, randomBytes, type KeyObject } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cleanup } from './cleanup.ts';
import { startSandbox, type Sandbox } from '../../sandbox/index.ts';
import { startRecordingProxy } from './canary.ts';
import { temporaryFolder } from './folder.ts';
import { sealingKeysFile } from './sealing.ts';
import type { Environment } from './gateway.ts';
import { freePort } from './port.ts';
import { startRedis, type TestRedis } from './redis.ts';

export const random = (bytes = 18): string => randomBytes(bytes).toString('base64url');

/** Everything that has a secret of its own. */
export const REDIS_PASSWORD = random();
export const PROXY_PASSWORD = random();
export const PASSPHRASE = random();
export const API_KEY = random(32);
export const CALLERS_ZIP_PASSWORD = `A1${random()}`;
export const LEDGER_PASSWORD = `L1${random()}`;
export const FILTERED_ACCOUNT = `F${randomBytes(6).toString('hex').toUpperCase()}`;

/** Several, so that failures are met side by side: MKS takes one report of a member at a time. */
export const MEMBERS = ['TIB', 'AKY', 'GAR', 'ISY', 'YKY', 'ZRY', 'DNZ', 'TEB'];

export interface Stage {
  sandbox: Sandbox;
  redis: TestRedis;
  dataDir: string;
  environment: Environment;
  recorded: () => string;
  /** Bodies and headers of answers that were refusals, by place. */
  bodies: Map<'problems' | 'metrics' | 'openapi', Buffer[]>;
  logs: Buffer[];
}

/** Starts all but the gateway, each with its secrets; they end with the test. */
export async function setStage(t: Cleanup): Promise<Stage> {
  const folder = await temporaryFolder();
  const sandbox = await startSandbox({
    dataDirectory: join(folder, 'sandbox'),
    members: MEMBERS.map((memberCode) => ({ memberCode, userCode: `${memberCode}991` })),
    memberKeyBits: 2048,
    prepareSeconds: 0.02,
    shape: { rows: 400 },
  });
  t.after(() => sandbox.close());
  const port = await freePort();
  const settings = `--port ${port} --bind 127.0.0.1 --aof-use-rdb-preamble no --rdbcompression no`;
  const user = `--user gateway on >${REDIS_PASSWORD} ~* &* +@all`;
  const redis = await startRedis(t, `${settings} ${user}`.split(' '));
  const proxy = await startRecordingProxy(t, sandbox.port);
  const dataDir = join(folder, 'data');
  return {
    sandbox,
    redis,
    dataDir,
    recorded: proxy.recorded,
    bodies: new Map([
      ['problems', []],
      ['metrics', []],
      ['openapi', []],
    ]),
    logs: [],
    environment: {
      LOG_LEVEL: 'trace',
      DATA_DIR: dataDir,
      REDIS_URL: `redis://gateway:${REDIS_PASSWORD}@127.0.0.1:${port}`,
      SEALING_KEYS_FILE: await sealingKeysFile(),
      API_CLIENTS_FILE: writeClients(folder),
      RATE_LIMIT_PER_MINUTE: '100000',
      MKS_BASE_URL: sandbox.url,
      MKS_PROXY_URL: `http://desk:${PROXY_PASSWORD}@127.0.0.1:${proxy.port}`,
      MKS_MEMBERS_FILE: encryptKey(sandbox.membersFile),
      MKS_TRUSTED_CERTIFICATES_FILE: sandbox.trustedCertificateFile,
      MKS_STATUS_POLL_SECONDS: '0.01',
      MKS_REQUEST_TIMEOUT_SECONDS: '0.4',
      MKS_DOWNLOAD_TIMEOUT_SECONDS: '0.4',
    },
  };
}

function writeClients(folder: string): string {
  const keySha256 = createHash('sha256').update(API_KEY).digest('hex');
  const client = { name: 'desk', keySha256, members: MEMBERS, operator: true, auditor: true };
  const file = join(folder, 'clients.json');
  writeFileSync(file, JSON.stringify({ clients: [client] }), { mode: 0o600 });
  return file;
}

export type MemberEntry = Record<string, string>;

/** The sandbox's members file with every key behind a passphrase. */
function encryptKey(membersFile: string): string {
  const folder = join(membersFile, '..');
  const { members } = JSON.parse(readFileSync(membersFile, 'utf8')) as { members: MemberEntry[] };
  writeFileSync(join(folder, 'passphrase'), `${PASSPHRASE}\n`, { mode: 0o600 });
  const changed = members.map((entry) => {
    const key = createPrivateKey(readFileSync(join(folder, entry['signingKeyFile'] ?? '')));
    const encryption = { cipher: 'aes-256-cbc', passphrase: PASSPHRASE };
    const signingKeyFile = `${entry['memberCode']}.encrypted.key`;
    const pem = key.export({ type: 'pkcs8', format: 'pem', ...encryption });
    writeFileSync(join(folder, signingKeyFile), pem, { mode: 0o600 });
    return { ...entry, signingKeyFile, signingKeyPassphraseFile: 'passphrase' };
  });
  const file = join(folder, 'encrypted.json');
  writeFileSync(file, JSON.stringify({ members: changed }), { mode: 0o600 });
  return file;
}

/** The key in clear that the sandbox made for a member. */
export function signingKeyOf(memberCode: string, membersFile: string): KeyObject {
  const { members } = JSON.parse(readFileSync(membersFile, 'utf8')) as { members: MemberEntry[] };
  const entry = members.find((each) => each['memberCode'] === memberCode);
  return createPrivateKey(readFileSync(join(membersFile, '..', entry?.['signingKeyFile'] ?? '')));
}
