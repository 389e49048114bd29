/** What the tests of the doctor share: one sandbox, one Redis, and ways to run it and to read what it found. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after } from 'node:test';
import { examine as run } from '../../cli/doctor/examine.ts';
import { documentOf } from '../../cli/doctor/report.ts';
import { startSandbox } from '../../sandbox/index.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createRedis } from '../../src/state/connection.ts';
import { inherited } from '../support/inherited.ts';
import { temporaryFolder } from '../support/folder.ts';
import { sharedSealingKeysFile } from '../support/sealing.ts';
import { environmentOf } from '../support/pair.ts';
import { freePort } from '../support/port.ts';
import { startRedis } from '../support/redis.ts';
import { CLI } from '../scripts/run.ts';

export type Environment = Record<string, string>;

export interface Check {
  check: string;
  member?: string;
  status: 'ok' | 'note' | 'warning' | 'failure';
  text: string;
  mends?: string;
}

export interface Visit {
  code: number;
  output: string;
  errors: string;
}

// By MKK's rules, so RSA 4096; making it takes a while, so there is one.
const files = await temporaryFolder();
export const sandbox = await startSandbox({
  dataDirectory: files,
  tls: true,
  tlsNames: ['apitest.mkk.com.tr'],
});
after(() => sandbox.close());
const secrets = [...sandbox.members.values()].map(({ password }) => password);
export const redisPort = await freePort();
const sharedRedis = await startRedis(
  { after: (end) => after(end as () => Promise<void>) },
  listeningOn(redisPort),
);

const alwaysOpen = {
  SERVICE_HOURS_GROUP_1: '00:00-24:00',
  SERVICE_HOURS_GROUP_4: '00:00-24:00',
};

/** A fresh start: nothing armed, no token. */
export async function environment(change: Environment = {}): Promise<Environment> {
  sandbox.faults.clear();
  const redis = createRedis(sharedRedis.url, 'blocking');
  await redis.flushall();
  redis.disconnect();
  return {
    ...alwaysOpen,
    ...environmentOf(sandbox),
    DATA_DIR: await temporaryFolder(),
    REDIS_URL: `redis://127.0.0.1:${redisPort}`,
    SEALING_KEYS_FILE: await sharedSealingKeysFile(),
    ...change,
  };
}

export async function visit(variables: Environment, ...args: string[]): Promise<Visit> {
  const child = spawn(process.execPath, [CLI, 'doctor', ...args], {
    env: { PATH: process.env['PATH'], ...inherited, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (errors += String(chunk)));
  const [code] = (await once(child, 'close')) as [number];
  for (const secret of secrets) {
    assert.ok(!(output + errors).includes(secret), 'the doctor tells no password');
  }
  assert.doesNotMatch(output + errors, /PRIVATE KEY|Bearer|eyJ/);
  return { code, output, errors };
}

/** The findings of a run in this process: what `--json` prints. */
export async function examine(variables: Environment, ...args: string[]) {
  const findings = [];
  const signed = args.includes('--signed');
  for await (const finding of run({ env: variables, clock: systemClock, signed })) {
    findings.push(finding);
  }
  const text = JSON.stringify(documentOf(findings, 'en', Date.now()));
  for (const secret of secrets) assert.ok(!text.includes(secret), 'the doctor tells no password');
  return JSON.parse(text) as { ok: boolean; checkedAt: string; checks: Check[] };
}

/** What is not well: exactly these checks; gives the first of them. */
export function only(checks: Check[], ...names: string[]): Check {
  const wrong = checks.filter(({ status }) => status === 'warning' || status === 'failure');
  assert.deepEqual(
    wrong.map(({ check }) => check),
    names,
    JSON.stringify(wrong, null, 2),
  );
  const [first] = wrong;
  assert.ok(first !== undefined);
  assert.ok(first.mends !== undefined, 'somebody mends it');
  return first;
}

export function find(checks: Check[], name: string): Check {
  const found = checks.find(({ check }) => check === name);
  assert.ok(found !== undefined, `${name} in ${JSON.stringify(checks)}`);
  return found;
}

export function listeningOn(number: number): string[] {
  return ['--port', String(number), '--bind', '127.0.0.1'];
}

export const logins = (): number => sandbox.log.filter(({ path }) => path === '/v1/auth').length;
