/**
 * Days of a standing order on a simulated clock: replicas are killed, Redis dies, MKS fails or is closed, the folder is gone,
 * the receiver of notices refuses; a reader takes files away as they come.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cleanup } from './cleanup.ts';
import type { Sandbox } from '../../sandbox/index.ts';
import { istanbulMidnight, toIstanbulDate } from '../../src/lib/dates.ts';
import { temporaryFolder } from './folder.ts';
import { spawnGateway, type Environment, type GatewayProcess } from './gateway.ts';
import { environmentOf, startTestSandbox } from './pair.ts';
import { createRandom } from './random.ts';
import { startTcpRedis } from './tcp-redis.ts';
import { until } from './until.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const MINUTE_MS = 60_000;
const SERVER = join(import.meta.dirname, 'simulated-server.ts');
const REPLICAS = 2;
/** More than any event lasts, so that every day can be made up for. */
const CATCH_UP_DAYS = 6;

const KINDS: DayEvent[] = [
  ...(['calm', 'replica-killed', 'replica-killed', 'all-down'] as const),
  ...(['redis-killed', 'mks-fails', 'folder-gone', 'refused'] as const),
];

/** What a day has brought, for the message of a failure and for the table. */
export type DayEvent =
  'calm' | 'replica-killed' | 'all-down' | 'redis-killed' | 'mks-fails' | 'folder-gone' | 'refused';

export interface SimulatedDays {
  events: DayEvent[];
  /** The dates, the oldest first, with how often each was told. */
  dates: { processDate: string; told: number; rows: number }[];
  kills: number;
}

const nameOf = (processDate: string): string => `TIB-${processDate}.csv`;

/** The sandbox has no data of Sundays (RP026): such a day is ready too, without rows. */
function isSunday(processDate: string): boolean {
  const day = processDate.replace(/^(....)(..)(..)$/, '$1-$2-$3');
  return new Date(`${day}T12:00:00+03:00`).getUTCDay() === 0;
}

/** The machine's clock, moved for the sandbox and for every replica. */
function createMovedClock(sandbox: Sandbox, file: string) {
  let offsetMs = 0;
  writeFileSync(file, '0');
  return {
    now: () => Date.now() + offsetMs,
    set(instantMs: number): void {
      offsetMs = Math.round(instantMs - Date.now());
      writeFileSync(file, String(offsetMs));
      sandbox.clock.set(instantMs);
    },
  };
}

/** Takes each file away or leaves it, and holds that none comes twice or differs from its digest. */
function createReader(folder: string, taken: string, random: () => number) {
  const seen = new Map<string, string>();
  const faults: string[] = [];
  function look(): void {
    let names: string[];
    try {
      names = readdirSync(folder);
    } catch {
      return; // It is gone just now.
    }
    for (const name of names.filter((each) => each.endsWith('.csv'))) {
      if (seen.get(name) === 'taken') faults.push(`${name} came back`);
      if (seen.has(name)) continue;
      const content = readFileSync(join(folder, name));
      const isTaken = random() < 0.5;
      seen.set(name, isTaken ? 'taken' : 'left');
      // A reader that does not wait for the digest is served as well: what has a name is whole.
      writeFileSync(join(taken, name), content);
      if (isTaken) renameSync(join(folder, name), join(taken, name));
    }
  }
  const timer = setInterval(look, 15);
  return {
    seen,
    faults,
    has(processDate: string): boolean {
      look();
      return seen.has(nameOf(processDate));
    },
    close: () => clearInterval(timer),
  };
}

async function startReceiver(t: Cleanup, isThere: (processDate: string) => boolean) {
  const told = new Map<string, number>();
  const early: string[] = [];
  const state = { refuses: false };
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (piece: string) => (body += piece));
    request.on('end', () => {
      const { data } = JSON.parse(body) as { data: { processDate: string } };
      if (!isThere(data.processDate)) early.push(data.processDate);
      if (!state.refuses) told.set(data.processDate, (told.get(data.processDate) ?? 0) + 1);
      response.writeHead(state.refuses ? 503 : 204).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { told, early, state, port: (server.address() as AddressInfo).port };
}

/** Everything that an order needs and that can fail. */
async function setStage(t: Cleanup, seed: number) {
  const sandbox = await startTestSandbox(t, { prepareSeconds: 0.05, shape: { rows: 30 } });
  const redis = await startTcpRedis(t);
  const root = await temporaryFolder();
  const [folder, taken] = [join(root, 'out'), join(root, 'taken')];
  for (const path of [folder, taken]) mkdirSync(path);
  const clock = createMovedClock(sandbox, join(root, 'offset'));
  const reader = createReader(folder, taken, createRandom(seed + 1).next);
  t.after(() => reader.close());
  const receiver = await startReceiver(t, (processDate) => reader.has(processDate));
  writeFileSync(join(root, 'hook.secret'), 'a secret of the house, long enough');
  const order = {
    name: 'nightly',
    member: 'TIB',
    at: '01:05',
    date: 'yesterday',
    catchUpDays: CATCH_UP_DAYS,
    deliver: { folder: 'out', formats: ['csv'] },
    notify: { url: `http://127.0.0.1:${receiver.port}/hook`, secretFile: 'hook.secret' },
  };
  writeFileSync(join(root, 'orders.json'), JSON.stringify({ orders: [order] }));
  const environment = {
    ...environmentOf(sandbox),
    REDIS_URL: redis.url,
    STANDING_ORDERS_FILE: join(root, 'orders.json'),
    SIMULATED_OFFSET_FILE: join(root, 'offset'),
    MKS_REQUEST_TIMEOUT_SECONDS: '1',
  };
  return { sandbox, redis, folder, taken, clock, reader, receiver, environment };
}

type Stage = Awaited<ReturnType<typeof setStage>>;

async function startReplicas(t: Cleanup, environment: Environment) {
  const folders = await Promise.all(Array.from({ length: REPLICAS }, () => temporaryFolder()));
  const spawn = (n: number): Promise<GatewayProcess> =>
    spawnGateway(t, { ...environment, DATA_DIR: folders[n] ?? '' }, SERVER);
  const replicas = await Promise.all(folders.map((_, n) => spawn(n)));
  const state = { kills: 0 };
  async function kill(n: number): Promise<void> {
    replicas[n]?.kill('SIGKILL');
    state.kills += 1;
    await replicas[n]?.ended;
  }
  async function start(n: number): Promise<void> {
    replicas[n] = await spawn(n);
  }
  return { state, kill, start, all: [...replicas.keys()] };
}

/** What comes over the order on a day. @returns what puts it right again, if that does not come by itself. */
function createEvents(
  { sandbox, redis, folder, receiver }: Stage,
  replicas: Awaited<ReturnType<typeof startReplicas>>,
  random: () => number,
): Record<DayEvent, () => Promise<(() => unknown) | undefined>> {
  return {
    calm: async () => undefined,
    'replica-killed': async () => {
      await sleep(random() * 1_500);
      const victim = Math.floor(random() * REPLICAS);
      await replicas.kill(victim);
      await replicas.start(victim);
      return undefined;
    },
    'all-down': async () => {
      await Promise.all(replicas.all.map((n) => replicas.kill(n)));
      return () => Promise.all(replicas.all.map((n) => replicas.start(n)));
    },
    'redis-killed': async () => {
      await sleep(random() * 800);
      await redis.kill();
      await sleep(random() * 500);
      await redis.restart();
      return undefined;
    },
    'mks-fails': async () => {
      sandbox.faults.arm({ name: 'code', code: 'OI031', times: -1 });
      return () => sandbox.faults.clear();
    },
    'folder-gone': async () => {
      renameSync(folder, `${folder}-away`);
      return () => renameSync(`${folder}-away`, folder);
    },
    refused: async () => {
      receiver.state.refuses = true;
      return () => void (receiver.state.refuses = false);
    },
  };
}

/**
 * Lets so many days pass and holds, at their end, that each date is there once, whole, and was told.
 * @throws AssertionError that names the seed.
 */
export async function passDays(t: Cleanup, days: number, seed: number): Promise<SimulatedDays> {
  const random = createRandom(seed).next;
  const stage = await setStage(t, seed);
  const { clock, reader, receiver } = stage;
  // The sandbox's certificates are of now: the first day is tomorrow.
  const start = istanbulMidnight(Date.now()) + DAY_MS;
  clock.set(start + 30 * MINUTE_MS);
  const replicas = await startReplicas(t, stage.environment);
  const happen = createEvents(stage, replicas, random);
  const dates = Array.from({ length: days }, (_, day) =>
    toIstanbulDate(start + (day - 1) * DAY_MS),
  );
  const events: DayEvent[] = [];
  let mend: (() => unknown) | undefined;
  for (const [day, date] of dates.entries()) {
    await mend?.();
    const drawn = KINDS[Math.floor(random() * KINDS.length)] ?? 'calm';
    // Who refuses for more than 24 hours is not told any more: that is what is promised.
    const event = drawn === 'refused' && events.at(-1) === 'refused' ? 'calm' : drawn;
    events.push(event);
    const midnight = start + day * DAY_MS;
    // Past the minute, and now and then back before it: a clock that is being put right.
    clock.set(midnight + 66 * MINUTE_MS);
    if (random() < 0.2) clock.set(midnight + 63 * MINUTE_MS);
    clock.set(midnight + 66 * MINUTE_MS);
    mend = await happen[event]();
    if (mend !== undefined) await sleep(500 + random() * 1_500);
    else {
      await until(() => reader.has(date) && receiver.told.has(date), 90_000).catch(() =>
        assert.fail(`${date}, ${event}, seed ${seed}`),
      );
    }
    clock.set(midnight + (12 + random() * 11) * 60 * MINUTE_MS);
  }
  await mend?.();
  const about = `seed ${seed}, ${events.join(' ')}`;
  await settle(stage, dates, about);
  return {
    events,
    kills: replicas.state.kills,
    dates: dates.map((date) => judge(stage, date, about)),
  };
}

/** Waits until each date is there and told. Refused notices pause for up to an hour, so time goes on by itself. */
async function settle({ clock, reader, receiver }: Stage, dates: string[], about: string) {
  const missing = (): string[] =>
    dates.filter((date) => !reader.has(date) || !receiver.told.has(date));
  for (let step = 0; step < 60 && missing().length > 0; step += 1) {
    await sleep(1_000);
    if (step % 3 === 2) clock.set(clock.now() + 61 * MINUTE_MS);
  }
  assert.deepEqual(missing(), [], about);
  assert.deepEqual(reader.faults, [], about);
  assert.deepEqual(receiver.early, [], about);
  // Beside the days before the first, which a new order makes up for.
  const others = [...reader.seen.keys()].filter((name) => !/^TIB-\d{8}\.csv$/.test(name));
  assert.deepEqual(others, [], about);
}

/** Holds that the date's file is whole and that its digest lies beside it. */
function judge({ sandbox, folder, taken, receiver }: Stage, processDate: string, about: string) {
  const name = nameOf(processDate);
  const rows = isSunday(processDate)
    ? 0
    : [...sandbox.expectedRows({ member: 'TIB', processDate })].length;
  const content = readFileSync(join(taken, name), 'utf8');
  assert.equal(content.trimEnd().split('\r\n').length - 1, rows, `${processDate}: ${about}`);
  const digest = createHash('sha256').update(content).digest('hex');
  const beside = readFileSync(join(folder, `${name}.sha256`), 'utf8');
  assert.equal(beside, `${digest}  ${name}\n`, `${processDate}: ${about}`);
  return { processDate, told: receiver.told.get(processDate) ?? 0, rows };
}
