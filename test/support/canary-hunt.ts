/** Sends the canaries their ways, and looks for them in all that is left. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync, zstdCompressSync } from 'node:zlib';
import { loadConfiguration } from '../../src/config.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { fromFields } from '../../src/reports/record.ts';
import { createRedis } from '../../src/state/connection.ts';
import { createSealer } from '../../src/state/sealing.ts';
import { contentsOf, scan, type Canaries } from './canary.ts';
import type { Cleanup } from './cleanup.ts';
import {
  API_KEY,
  CALLERS_ZIP_PASSWORD,
  FILTERED_ACCOUNT,
  LEDGER_PASSWORD,
  PASSPHRASE,
  PROXY_PASSWORD,
  random,
  REDIS_PASSWORD,
  setStage,
  signingKeyOf,
  type Stage,
} from './canary-stage.ts';
import {
  failEveryWay,
  fresh,
  goEveryWay,
  knockEverywhere,
  sender,
  startWrongly,
} from './canary-ways.ts';
import { spawnGateway, type GatewayProcess } from './gateway.ts';
import { DATE } from './pair.ts';
import type { TestRedis } from './redis.ts';

/** Every secret that was in play, those too that were made on the way. */
async function gatherCanaries(stage: Stage): Promise<Canaries> {
  const { sandbox, environment } = stage;
  const { credentials, sealingKeys } = loadConfiguration(environment, systemClock);
  const desk = credentials.members.get('TIB');
  assert.ok(desk !== undefined);
  const der = signingKeyOf('TIB', sandbox.membersFile).export({ type: 'pkcs8', format: 'der' });
  const sealer = createSealer(() => sealingKeys);
  const spoolKeys: Buffer[] = [];
  const zipPasswords: string[] = [];
  await withRedis(stage.redis, async (redis) => {
    for (const key of await redis.keys('mks:report:*')) {
      const { id, member, secret } = fromFields(await redis.hgetall(key)) ?? {};
      if (id === undefined || member === undefined || secret === undefined) continue;
      const opened = sealer.open(member, `report ${id}`, secret);
      const { spoolKey, zipPassword } = JSON.parse(opened.toString()) as Record<string, string>;
      spoolKeys.push(Buffer.from(spoolKey ?? '', 'base64'));
      zipPasswords.push(zipPassword ?? '');
    }
  });
  const recorded = stage.recorded();
  const tokens = [...recorded.matchAll(/"token":"([^"]+)"/g)].map((match) => match[1] ?? '');
  for (const [, payload = ''] of recorded.matchAll(/\beyJ[\w-]+\.([\w-]{40,})\./g)) {
    const text = Buffer.from(payload, 'base64url').toString();
    const [, password] = /"zipPassword":"([^"]+)"/.exec(text) ?? [];
    if (password !== undefined && password !== CALLERS_ZIP_PASSWORD) zipPasswords.push(password);
  }
  const rows = [...sandbox.expectedRows({ member: 'TIB', processDate: DATE })];
  const row = rows.find(({ mbrAccNo, subAccCode }) => mbrAccNo.length > 9 && subAccCode !== 'SERB');
  assert.ok(row !== undefined && tokens.length > 0, 'there is something to look for');
  assert.ok(spoolKeys.length > 1 && zipPasswords.length > 30, `${zipPasswords.length}`);
  const { subAccCode } = row;
  return new Map<string, (string | Buffer)[]>([
    // Pieces of it, for a shape may break its lines; behind the modulus, which every certificate bears.
    ['signing key', [400, 600, 800].map((at) => der.subarray(at, at + 24))],
    ['passphrase', [PASSPHRASE]],
    ['MKS password', [desk.password]],
    ['token', [...new Set(tokens.flatMap((token) => token.split('.').slice(1)))]],
    ['zip password', [...new Set(zipPasswords)].slice(-40)],
    ["caller's zip password", [CALLERS_ZIP_PASSWORD]],
    ["a ledger's zip password", [LEDGER_PASSWORD]],
    ['API key', [API_KEY]],
    ['amount', ['12345678901234567', '100000000000000000000']],
    ['account', [row.mbrAccNo]],
    ['sub-account', [`"${subAccCode}"`, `,${subAccCode},`, `;${subAccCode};`]],
    ['filtered account', [FILTERED_ACCOUNT]],
    ['sealing key', sealingKeys.map(({ secret }) => secret)],
    ['spool key', spoolKeys],
    ['proxy password', [PROXY_PASSWORD]],
    ['Redis password', [REDIS_PASSWORD]],
  ]);
}

async function withRedis<T>(
  { url }: TestRedis,
  work: (redis: ReturnType<typeof createRedis>) => Promise<T>,
): Promise<T> {
  const redis = createRedis(url, 'blocking');
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

/** Redis's files as they lie on its disk: AOF and dump. */
async function redisFiles(redis: TestRedis): Promise<{ aof: Buffer[]; rdb: Buffer[] }> {
  const folder = await withRedis(redis, async (connection) => {
    await connection.save();
    const [, directory = ''] = (await connection.config('GET', 'dir')) as string[];
    return directory;
  });
  return {
    aof: contentsOf(join(folder, 'appendonlydir')),
    rdb: [readFileSync(join(folder, 'dump.rdb'))],
  };
}

async function end(gateway: GatewayProcess, stage: Stage): Promise<void> {
  gateway.kill('SIGTERM');
  await gateway.ended;
  stage.logs.push(Buffer.from(gateway.output.join('\n')));
}

export interface Hunt {
  canaries: number;
  requests: number;
  failures: number;
  /** Searched. */
  bytes: number;
  /** `canary in place`: what has left its place. */
  hits: string[];
  /** Canaries that were laid in a place on purpose and not found there. */
  unseen: string[];
}

/**
 * Sends the canaries everywhere and looks for them in all that is left; then shows that each would be found.
 * @param isEverywhere whether each failure strikes at every service, which takes a minute more.
 */
export async function hunt(t: Cleanup, isEverywhere: boolean): Promise<Hunt> {
  const stage = await setStage(t);
  await startWrongly(t, stage);
  const { requests, failures, planted } = await goAndFail(t, stage, isEverywhere);
  await refuseLogin(t, stage);
  const canaries = await gatherCanaries(stage);
  const { aof, rdb } = await redisFiles(stage.redis);
  const outside = new Map([['log', stage.logs], ...stage.bodies]);
  const atRest = new Map([
    ['AOF', aof],
    ['RDB', rdb],
    ['DATA_DIR', contentsOf(stage.dataDir)],
  ]);
  const bytes = [...outside.values(), ...atRest.values()].flat().reduce((n, b) => n + b.length, 0);
  // What a caller filters by is part of the request, which rests as it is.
  const resting: Canaries = new Map(canaries);
  resting.delete('filtered account');
  return {
    canaries: canaries.size,
    requests,
    failures,
    bytes,
    hits: [...scan(canaries, outside), ...scan(resting, atRest)],
    unseen: await layEverywhere(stage, canaries, outside, planted),
  };
}

/** The way through everything, Redis's death with it. */
async function goAndFail(t: Cleanup, stage: Stage, isEverywhere: boolean) {
  const { sandbox, redis, environment } = stage;
  const gateway = await spawnGateway(t, environment);
  const send = sender(stage, gateway.url);
  await goEveryWay(send);
  const requests = await knockEverywhere(send, sandbox.members.get('TIB')?.password ?? '');
  const failures = await failEveryWay(stage, send, isEverywhere);
  // A planted one: the log and the problem tell paths, so it has to be found there.
  const planted = random();
  await send(`/balances/${planted}`);
  await redis.kill();
  for (const path of ['/balances', '/health/ready', '/members', '/exchanges']) await send(path);
  await send('/balances', fresh());
  await redis.restart();
  await send('/metrics');
  await end(gateway, stage);
  return { requests, failures, planted };
}

async function refuseLogin(t: Cleanup, stage: Stage): Promise<void> {
  const { sandbox, redis, environment } = stage;
  const gateway = await spawnGateway(t, { ...environment, LOG_LEVEL: 'debug' });
  const send = sender(stage, gateway.url);
  await withRedis(redis, (connection) => connection.del('mks:token:TIB'));
  sandbox.faults.arm({ name: 'wrong-login', times: -1 });
  await send('/balances', fresh());
  await send('/members');
  sandbox.faults.clear();
  await send('/metrics');
  await end(gateway, stage);
}

/** Lays each canary in each place, and each shape of all of them in a file. @returns what was not found. */
async function layEverywhere(
  { redis, dataDir }: Stage,
  canaries: Canaries,
  outside: Map<string, Buffer[]>,
  planted: string,
): Promise<string[]> {
  const found = scan(new Map([['planted', [planted]]]), outside);
  const unseen = ['planted in log', 'planted in problems'].filter((each) => !found.includes(each));
  for (const [name, [secret = '']] of canaries) {
    await withRedis(redis, (connection) => connection.set(`planted:${name}`, secret));
  }
  const files = await redisFiles(redis);
  const all = Buffer.concat([...canaries.values()].map(([secret = '']) => Buffer.from(secret)));
  const seek = (places: Map<string, Buffer[]>): void => {
    const hits = new Set(scan(canaries, places));
    for (const place of places.keys()) {
      const wanted = [...canaries.keys()].map((name) => `${name} in ${place}`);
      unseen.push(...wanted.filter((each) => !hits.has(each)));
    }
  };
  for (const shape of [all, deflateRawSync(all), zstdCompressSync(all)]) {
    writeFileSync(join(dataDir, 'spool', 'planted'), shape);
    seek(new Map([['DATA_DIR', contentsOf(dataDir)]]));
  }
  const laid = Buffer.from(`{"value":"${all.toString('base64')}"}`);
  seek(
    new Map<string, Buffer[]>([
      ['AOF', files.aof],
      ['RDB', files.rdb],
      ...[...outside].map(([place, contents]): [string, Buffer[]] => [place, [...contents, laid]]),
    ]),
  );
  return unseen;
}
