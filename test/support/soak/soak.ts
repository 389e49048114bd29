/**
 * A soak: two gateways as an operator starts them, mixed callers, a twentieth of what MKS answers spoilt. What must not
 * grow is looked at all the while, and what is left when all reports have gone, at the end.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cleanup } from '../cleanup.ts';
import { createRedis, ready } from '../../../src/state/connection.ts';
import { runCommand } from '../../scripts/run.ts';
import { temporaryFolder } from '../folder.ts';
import { spawnGateway, type GatewayProcess } from '../gateway.ts';
import { environmentOf, startTestSandbox } from '../pair.ts';
import { createRandom, type Random } from '../random.ts';
import { startTcpRedis } from '../tcp-redis.ts';
import { until } from '../until.ts';
import { CALLS, type Caller } from './calls.ts';
import { startSpoiling } from './faults.ts';
import type { Health } from './watch.ts';

export interface SoakOptions {
  seconds: number;
  seed: number;
  /** Calls begun a second, to both replicas together. */
  rate: number;
  /** How long a report is kept, and then remembered: what grows by design has to end within the soak. */
  retentionSeconds: number;
  /** How often each gateway tells how it does. */
  everyMs: number;
}

export interface Soaked {
  /** What came of the calls: `rows 200` → how often. */
  outcomes: Map<string, number>;
  /** What must not have come, and lines of the gateways' logs that tell of an error. */
  surprises: string[];
  /** Callers who were told to come again, since the machine was too busy. */
  tooBusy: number;
  faults: number;
  messages: number;
  /** One list a replica. */
  health: Health[][];
  /** Redis's keys without the records of used references, which are kept for an hour each. */
  keys: { at: number; count: number }[];
  left: Left;
}

export interface Left {
  /** Names of keys, ids out of them, that there were none of before. */
  keys: string[];
  /** Files of reports and comparisons. */
  files: string[];
  /** Exit codes of the gateways, told to end. */
  ends: (number | string)[];
  /** Entries of the trail, all proved; or what is wrong with it. */
  trail: string;
}

const MEMBERS = ['TIB', 'AKY'];
/** Mondays to Thursdays. */
const WEEKS = [
  ['20260223', '20260224', '20260225', '20260226'],
  ['20260302', '20260303', '20260304', '20260305'],
];
const DATES = WEEKS.flat();
const FAULT_SHARE = 0.05;
const AT_ONCE_MAX = 60;
/** A job that waits for its next try learns only then that its report is gone. */
const LONGEST_PAUSE_SECONDS = 60;
/** What the documents tell callers to expect. */
const EXPECTED = /^(?:20\d|left|404 not-found|409 conflict|410 report-expired|\d{3} mks-[a-z-]+)$/;
/** Where the machine is so busy that Redis or a thread does not come in time: told, and counted. */
const TOO_BUSY =
  /^(?:503 overloaded|503 state-unavailable|503 {2}\/health\/ready|threw TypeError: terminated)$/;
/** Told as errors, but for what MKS or an absent Redis is to blame for. */
const ERROR_LINE = /"level":(?:50|60),(?!.*(?:"msg":"mks-|"name":"StateUnavailableError"))/;
const UUID = /[0-9a-f]{8}-[0-9a-f-]{27}/g;

export async function soak(t: Cleanup, options: SoakOptions): Promise<Soaked> {
  const { seed, seconds } = options;
  const stage = await setStage(t, options);
  const { sandbox, replicas, look } = stage;
  const random = createRandom(seed);
  const before = new Set((await look()).map(kindOf));
  const keys: Soaked['keys'] = [];
  const looking = setInterval(() => {
    void look().then((found) => keys.push({ at: Date.now(), count: found.length }));
  }, options.everyMs);
  t.after(() => clearInterval(looking));
  const spoiling = startSpoiling(sandbox, random, FAULT_SHARE);
  t.after(() => spoiling.stop());
  const callers = replicas.map(({ url }): Caller => {
    return { url, sandbox, random, recent: [], members: MEMBERS, dates: DATES };
  });
  const calls = await call(callers, random, seconds, options.rate);
  spoiling.stop();
  clearInterval(looking);
  const endedAt = Date.now();
  const left = await settle(stage, before, options);
  const faults = [...spoiling.armed.values()].reduce((sum, count) => sum + count, 0);
  const errors = replicas.flatMap(({ output }) => output.filter((line) => ERROR_LINE.test(line)));
  return {
    outcomes: calls.outcomes,
    faults,
    messages: sandbox.stats.messages,
    keys,
    left,
    surprises: [...calls.surprises, ...errors],
    tooBusy: calls.tooBusy,
    health: stage.watched.map((file) => linesOf(file).filter(({ at }) => at <= endedAt)),
  };
}

async function setStage(t: Cleanup, { retentionSeconds, everyMs }: SoakOptions) {
  const members = MEMBERS.map((code) => ({ memberCode: code, userCode: `${code}991` }));
  const sandbox = await startTestSandbox(t, { members, prepareSeconds: 0.2 });
  const server = await startTcpRedis(t);
  const redis = createRedis(server.url, 'commands');
  t.after(() => redis.disconnect());
  await ready(redis);
  const folders = [await temporaryFolder(), await temporaryFolder()];
  const watched = folders.map((folder) => join(folder, 'health.ndjson'));
  const environment = {
    ...environmentOf(sandbox),
    REDIS_URL: server.url,
    REPORT_RETENTION_HOURS: (retentionSeconds / 3_600).toFixed(5),
    MKS_REQUEST_TIMEOUT_SECONDS: '3',
    // Of a file that never comes its run would know after half a minute, longer than is waited at the end.
    MKS_DOWNLOAD_TIMEOUT_SECONDS: '6',
    NODE_OPTIONS: `--import=${join(import.meta.dirname, 'watch.ts')}`,
    SOAK_EVERY_MS: String(everyMs),
  };
  const spawn = (n: number): Promise<GatewayProcess> => {
    const own = { DATA_DIR: folders[n] ?? '', SOAK_FILE: watched[n] ?? '' };
    return spawnGateway(t, { ...environment, ...own });
  };
  const replicas = await Promise.all(folders.map((_, n) => spawn(n)));
  const look = async (): Promise<string[]> =>
    (await redis.keys('*')).filter((name) => !name.includes(':reference:'));
  return { sandbox, folders, watched, spawn, replicas, look };
}

type Stage = Awaited<ReturnType<typeof setStage>>;

/** Begins calls at an even pace, whether those before have ended or not. */
async function call(callers: readonly Caller[], random: Random, seconds: number, rate: number) {
  const outcomes = new Map<string, number>();
  const surprises: string[] = [];
  const under = new Set<Promise<void>>();
  let tooBusy = 0;
  const all = CALLS.flatMap(([name, share, one]) =>
    Array.from({ length: share }, () => ({ name, one })),
  );
  const note = (text: string): void => void outcomes.set(text, (outcomes.get(text) ?? 0) + 1);
  const began = performance.now();
  for (let begun = 0; performance.now() - began < seconds * 1_000; begun += 1) {
    await sleep(Math.max(0, began + (begun * 1_000) / rate - performance.now()));
    if (under.size >= AT_ONCE_MAX) {
      note('held back');
      continue;
    }
    const { name, one } = random.pick(all);
    const going = one(random.pick(callers))
      .catch((error: unknown) => `threw ${String(error)}`)
      .then((outcome) => {
        note(`${name} ${outcome}`);
        if (TOO_BUSY.test(outcome)) tooBusy += 1;
        else if (!EXPECTED.test(outcome)) surprises.push(`${name} ${outcome}`);
      })
      .finally(() => under.delete(going));
    under.add(going);
  }
  await Promise.all(under);
  return { outcomes, surprises, tooBusy };
}

/** Waits until every report is forgotten, ends the gateways, and tells what there still is. */
async function settle(
  { folders, replicas, spawn, look }: Stage,
  before: ReadonlySet<string>,
  { retentionSeconds }: SoakOptions,
): Promise<Left> {
  const strangers = async (): Promise<string[]> => {
    const kinds = (await look()).map(kindOf);
    // Without an id it is one for a member, a client or all, however much was asked.
    return [...new Set(kinds)].filter((kind) => kind.includes('*') && !before.has(kind));
  };
  const patienceMs = (2 * retentionSeconds + LONGEST_PAUSE_SECONDS + 20) * 1_000;
  await until(async () => (await strangers()).length === 0, patienceMs).catch(() => undefined);
  const keys = await strangers();
  const ends = await end(replicas);
  // A replica removes what it expired itself; the rest goes when it looks through its spool: each ten minutes and at a start.
  const next = await Promise.all(folders.map((_, n) => spawn(n)));
  const files = (): string[] => folders.flatMap((folder) => filesOf(folder));
  await until(() => files().length === 0).catch(() => undefined);
  ends.push(...(await end(next)));
  return { keys, files: files(), ends, trail: trailOf(folders) };
}

/** Told as an operator does. @returns their exit codes. */
async function end(replicas: readonly GatewayProcess[]): Promise<(number | string)[]> {
  for (const replica of replicas) replica.kill('SIGTERM');
  return Promise.all(replicas.map(({ ended }) => ended));
}

/** Reports' and comparisons' own: what else there is, is kept longer or for ever. */
function filesOf(dataDir: string): string[] {
  return ['spool', 'scratch'].flatMap((name) => {
    try {
      return readdirSync(join(dataDir, name)).map((file) => join(name, file));
    } catch {
      return []; // Made when it is needed.
    }
  });
}

function trailOf(folders: readonly string[]): string {
  const files = folders.flatMap((folder) =>
    readdirSync(join(folder, 'trail')).map((name) => join(folder, 'trail', name)),
  );
  const { code, output, errors } = runCommand('trail', ['verify', ...files]);
  return `${code}: ${output}${errors}`.trim();
}

/** A key's name with ids out of it: `mks:report:*`. */
function kindOf(name: string): string {
  return name.replaceAll(UUID, '*');
}

function linesOf(file: string): Health[] {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as Health);
}
