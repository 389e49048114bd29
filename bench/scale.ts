/**
 * Many members, many requests, several replicas: what a request costs, counted and not guessed.
 *
 * `npm run bench -- scale` runs it twice; by itself it is
 * `node bench/scale.ts --replicas 3 --members 50 --requests 2000` against the sandbox on this
 * machine. Prints the Redis commands and signatures per report, the replicas' memory before and
 * after, and whether the one-report rule held. Everything it starts it ends.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { startSandbox } from '../sandbox/index.ts';
import { createRedis, ready } from '../src/state/connection.ts';
import { REDIS_SERVER_SCRIPT } from '../src/state/embedded-process.ts';
import { newSealingKeyLine } from '../src/config/sealing-keys.ts';

const { values } = parseArgs({
  options: {
    replicas: { type: 'string', default: '3' },
    members: { type: 'string', default: '50' },
    requests: { type: 'string', default: '2000' },
    json: { type: 'boolean', default: false },
  },
});
const replicaCount = Number(values.replicas);
const memberCount = Number(values.members);
const requestCount = Number(values.requests);
const root = join(import.meta.dirname, '..');
const folder = await mkdtemp(join(tmpdir(), 'mks-scale-'));
const children: ChildProcess[] = [];

async function start(
  command: string,
  args: string[],
  environment: NodeJS.ProcessEnv,
  line: RegExp,
): Promise<{ child: ChildProcess; match: RegExpExecArray }> {
  const child = spawn(command, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const lines = createInterface({ input: child.stdout });
  for await (const text of lines) {
    const match = line.exec(text);
    if (match !== null) {
      child.stdout.resume();
      return { child, match };
    }
  }
  throw new Error(`${command} did not start`);
}

function residentMegabytes(child: ChildProcess): number {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
}

const members = Array.from({ length: memberCount }, (_, n) => {
  const memberCode = `M${String(n).padStart(3, '0')}`;
  return { memberCode, userCode: `${memberCode}991` };
});
const sandbox = await startSandbox({
  members,
  memberKeyBits: 2048,
  prepareSeconds: 0.2,
  shape: { rows: 200 },
});
const API_KEY = 'scale';
const clientsFile = join(folder, 'clients.json');
const entry = {
  name: 'scale',
  keySha256: createHash('sha256').update(API_KEY).digest('hex'),
  members: members.map(({ memberCode }) => memberCode),
  queueLimit: requestCount,
};
writeFileSync(clientsFile, JSON.stringify({ clients: [entry] }), { mode: 0o600 });
const authorization = `Bearer ${API_KEY}`;
const sealingKeys = join(folder, 'sealing.keys');
writeFileSync(sealingKeys, newSealingKeyLine(Date.now()), { mode: 0o600 });
const port = 20_000 + (process.pid % 10_000);
const flags = ['--port', String(port), '--dir', folder, '--appendonly', 'yes', '--save', ''];
await start('/bin/sh', [REDIS_SERVER_SCRIPT, ...flags], {}, /Ready to accept connections/);
const redis = createRedis(`redis://127.0.0.1:${port}`, 'commands');
await ready(redis);

// Told to end, it ends what it started: their end is an error for whoever waits for them below.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    for (const child of children.toReversed()) child.kill('SIGTERM');
    process.exitCode = 130;
  });
}

try {
  const replicas: { child: ChildProcess; url: string }[] = [];
  for (let n = 0; n < replicaCount; n += 1) {
    const environment = {
      PORT: '0',
      DATA_DIR: join(folder, `replica-${n}`),
      REDIS_URL: `redis://127.0.0.1:${port}`,
      SEALING_KEYS_FILE: sealingKeys,
      API_CLIENTS_FILE: clientsFile,
      RATE_LIMIT_PER_MINUTE: '1000000',
      MKS_BASE_URL: sandbox.url,
      MKS_MEMBERS_FILE: sandbox.membersFile,
      MKS_TRUSTED_CERTIFICATES_FILE: sandbox.trustedCertificateFile,
      MKS_STATUS_POLL_SECONDS: '0.2',
      SERVICE_HOURS_GROUP_1: '00:00-24:00',
      SERVICE_HOURS_GROUP_4: '00:00-24:00',
    };
    const listening = /"url":"([^"]+)","msg":"listening"/;
    const program = [join(root, 'src/server.js')];
    const { child, match } = await start(process.execPath, program, environment, listening);
    replicas.push({ child, url: match[1] ?? '' });
  }
  const before = replicas.map(({ child }) => residentMegabytes(child));
  await redis.config('RESETSTAT');
  const began = performance.now();
  const ids: { id: string; url: string }[] = [];
  for (let at = 0; at < requestCount; at += 50) {
    const batch = Array.from({ length: Math.min(50, requestCount - at) }, async (_, n) => {
      const index = at + n;
      const { url } = replicas[index % replicaCount] ?? { url: '' };
      const day = new Date(
        Date.UTC(2026, 1, 23) - 7 * 86_400_000 * Math.floor(index / memberCount),
      );
      const response = await fetch(`${url}/balances`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json', prefer: 'respond-async' },
        body: JSON.stringify({
          member: members[index % memberCount]?.memberCode,
          processDate: day.toISOString().slice(0, 10).replaceAll('-', ''),
        }),
      });
      if (response.status !== 202) throw new Error(await response.text());
      ids.push({ id: ((await response.json()) as { id: string }).id, url });
    });
    await Promise.all(batch);
  }
  const acceptedMs = performance.now() - began;
  const full = replicas.map(({ child }) => residentMegabytes(child));
  const states: Record<string, number> = {};
  for (const { id, url } of ids) {
    const response = await fetch(`${url}/balances/${id}`, {
      headers: { authorization, prefer: 'wait=120' },
    });
    const { state } = (await response.json()) as { state: string };
    states[state] = (states[state] ?? 0) + 1;
  }
  const tookMs = performance.now() - began;
  const statistics = await redis.info('commandstats');
  const calls = [...statistics.matchAll(/cmdstat_(\w+)[^:]*:calls=(\d+)/g)];
  // A read of a connection is what one round trip costs Redis, however many commands it brings.
  const [, reads] = /total_reads_processed:(\d+)/.exec(await redis.info('stats')) ?? [];
  const commands = calls.reduce((sum, [, , count]) => sum + Number(count), 0);
  const scripts = calls
    .filter(([, name]) => name?.startsWith('eval'))
    .reduce((sum, [, , count]) => sum + Number(count), 0);
  const overlaps = Object.values(sandbox.stats.members);
  const result = {
    replicas: replicaCount,
    members: memberCount,
    requests: requestCount,
    states,
    acceptedPerSecond: Math.round((requestCount / acceptedMs) * 1000),
    reportsPerSecond: Math.round((requestCount / tookMs) * 1000),
    signaturesPerReport:
      (sandbox.stats.messages - overlaps.reduce((n, m) => n + m.logins, 0)) / requestCount,
    logins: overlaps.reduce((sum, member) => sum + member.logins, 0),
    overlapsAtMks: overlaps.reduce((n, m) => n + m.overlapsAccepted + m.overlapsRefused, 0),
    redisRoundTripsPerReport: Number((Number(reads) / requestCount).toFixed(1)),
    redisScriptsPerReport: Math.round(scripts / requestCount),
    redisCommandsPerReportInsideScriptsToo: Math.round(commands / requestCount),
    residentMegabytes: {
      before,
      queueFull: full,
      after: replicas.map(({ child }) => residentMegabytes(child)),
    },
  };
  console.log(values.json ? JSON.stringify(result) : result);
} finally {
  for (const child of children.toReversed()) {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
  }
  redis.disconnect();
  await sandbox.close();
  await rm(folder, { recursive: true, force: true });
}
