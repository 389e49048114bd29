/**
 * The whole way of one request on this machine: a private Redis, the sandbox in MKS's place, the
 * gateway, one `POST /balances`. Stays up until Ctrl-C; `--once` ends after the rows.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

const root = join(import.meta.dirname, '..');
const folder = join(root, '.demo');
const START_TIMEOUT_MS = 60_000;
/** The rows come within seconds; a machine under load may take longer. */
const WAIT_SECONDS = 110;
const SHOWN_ROWS = 5;
const children: ChildProcess[] = [];

const { values } = parseArgs({ options: { once: { type: 'boolean', default: false } } });

/** Starts one of our programs and reads its output until `found` has what it looks for. */
async function start<T>(
  program: string,
  environment: Record<string, string>,
  found: (line: string) => T | undefined,
): Promise<T> {
  const child = spawn(process.execPath, [join(root, program)], {
    // Its own group: Ctrl-C comes to us alone, and we close them in order.
    detached: true,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const lines = createInterface({ input: child.stdout });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${program} did not start`)), START_TIMEOUT_MS);
    child.once('exit', (code) => reject(new Error(`${program} ended with ${code}`)));
    lines.on('line', (line) => {
      const value = found(line);
      if (value === undefined) return;
      clearTimeout(timer);
      resolve(value);
    });
  });
}

/** The sandbox prints the environment for its gateway, a line each. */
function startSandbox(): Promise<Record<string, string>> {
  const environment: Record<string, string> = {};
  const settings = {
    SANDBOX_PORT: '0',
    SANDBOX_DATA_DIR: join(folder, 'sandbox'),
    SANDBOX_PREPARE_SECONDS: '2',
  };
  return start('sandbox/main.ts', settings, (line) => {
    const [, name, value] = /^(MKS_[A-Z_]+)=(.+)$/.exec(line.trim()) ?? [];
    if (name !== undefined && value !== undefined) environment[name] = value;
    const names = ['MKS_BASE_URL', 'MKS_MEMBERS_FILE', 'MKS_TRUSTED_CERTIFICATES_FILE'];
    return names.every((each) => each in environment) ? environment : undefined;
  });
}

/** What is there each day without anybody's asking, and has been for three days: for whoever looks around. */
async function layStandingOrder(): Promise<Record<string, string>> {
  const file = join(folder, 'orders.json');
  await mkdir(join(folder, 'out'), { recursive: true });
  const order = {
    name: 'nightly',
    member: 'TIB',
    at: '00:00',
    date: 'yesterday',
    catchUpDays: 2,
    deliver: { folder: 'out', formats: ['csv', 'xlsx'] },
  };
  await writeFile(file, JSON.stringify({ orders: [order] }));
  return { STANDING_ORDERS_FILE: file };
}

async function startGateway(environment: Record<string, string>): Promise<string> {
  const settings = {
    ...environment,
    ...(values.once ? {} : await layStandingOrder()),
    PORT: String(await freePort(Number(process.env['PORT'] ?? 3000))),
    DATA_DIR: join(folder, 'gateway'),
    LOG_LEVEL: 'info',
    MKS_STATUS_POLL_SECONDS: '0.5',
    // MKS is closed at night; the demo is not.
    SERVICE_HOURS_GROUP_1: '00:00-24:00',
    SERVICE_HOURS_GROUP_4: '00:00-24:00',
  };
  return start('src/server.js', settings, (line) => {
    const entry = parse(line);
    return entry?.msg === 'listening' ? entry.url : undefined;
  });
}

function parse(line: string): { msg?: string; url?: string } | undefined {
  try {
    return JSON.parse(line) as { msg?: string; url?: string };
  } catch {
    return undefined;
  }
}

/** The port if nobody listens there, else any. */
async function freePort(wanted: number): Promise<number> {
  const probe = createServer();
  try {
    probe.listen(wanted, '127.0.0.1');
    await once(probe, 'listening');
    return wanted;
  } catch {
    return 0;
  } finally {
    probe.close();
  }
}

/** The last weekday before today, as `YYYYMMDD`: the sandbox has no balances of Sundays. */
function lastWeekday(): string {
  const day = new Date(Date.now() + 3 * 3_600_000);
  do day.setUTCDate(day.getUTCDate() - 1);
  while (day.getUTCDay() === 0 || day.getUTCDay() === 6);
  return day.toISOString().slice(0, 10).replaceAll('-', '');
}

/** `POST /balances`. */
function post(gateway: string, body: string, prefer: string): Promise<Response> {
  return fetch(`${gateway}/balances`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Prefer: prefer },
    body,
  });
}

/** A report that MKS refuses, and a few that wait for their turn. */
async function fillTheDesk(gateway: string, sandbox: string): Promise<void> {
  const fault = { name: 'code', code: 'RP048', service: 'balance-report', times: 1 };
  await fetch(`${sandbox}/_sandbox/faults`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(fault),
  });
  const wanted = { member: 'AKY', processDate: lastWeekday() };
  await post(gateway, JSON.stringify(wanted), `wait=${WAIT_SECONDS}`);
  for (const isin of ['TRAGARAN91N1', 'TRATHYAO91M5', 'TRAAKBNK91N6']) {
    await post(gateway, JSON.stringify({ ...wanted, isin }), 'respond-async');
  }
}

async function ask(gateway: string): Promise<void> {
  const body = JSON.stringify({ member: 'TIB', processDate: lastWeekday() });
  const response = await post(gateway, body, `wait=${WAIT_SECONDS}`);
  if (response.status !== 200) {
    throw new Error(`POST /balances answered ${response.status}: ${await response.text()}`);
  }
  const { rows, rowCount } = (await response.json()) as { rows: object[]; rowCount: number };
  if (rowCount === 0 || rows.length !== rowCount) throw new Error(`${rows.length} rows came`);
  console.log(`\n${rowCount} rows, the first ${SHOWN_ROWS}:`);
  console.table(rows.slice(0, SHOWN_ROWS));
  console.log(`This is the request that brought them:

  curl -s ${gateway}/balances -H 'Content-Type: application/json' -d '${body}'

Swagger UI: ${gateway}/docs
Console: ${gateway}/console`);
}

async function stop(): Promise<void> {
  // The gateway first: it may still be speaking to the sandbox.
  for (const child of children.toReversed()) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
}

let isStopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (isStopping) return;
    isStopping = true;
    void stop().then(() => process.exit(0));
  });
}
try {
  console.log('Starting the sandbox (its first start makes RSA-4096 keys) …');
  const environment = await startSandbox();
  console.log('Starting the gateway …');
  const gateway = await startGateway(environment);
  console.log('Asking for balances …');
  await ask(gateway);
  if (values.once) {
    await stop();
  } else {
    await fillTheDesk(gateway, environment['MKS_BASE_URL'] ?? '');
    console.log('\nUp until Ctrl-C.');
  }
} catch (error) {
  if (!isStopping) {
    console.error(error instanceof Error ? error.message : error);
    await stop();
    process.exit(1);
  }
}
