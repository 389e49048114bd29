/** Where state rests: Redis and the folder of reports. */
import { randomUUID } from 'node:crypto';
import { rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Redis } from 'ioredis';
import { ok, failure, note, warning, type Finding } from './finding.ts';

const LEAST_VERSION = [6, 2];
const GIBIBYTE = 1024 ** 3;
const FREE_WARNING_BYTES = GIBIBYTE;
const FREE_FAILURE_BYTES = GIBIBYTE / 8;

/** A Redis that is connected: its version, persistence and memory rule. */
export async function* examineRedis(redis: Redis, isOwn: boolean): AsyncGenerator<Finding> {
  const info = await readInfo(redis);
  const version = info.get('redis_version') ?? '?';
  const en = isOwn ? `the gateway's own, ${version}` : `reachable, ${version}`;
  const tr = isOwn ? `geçidin kendi sunucusu, ${version}` : `erişiliyor, ${version}`;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = LEAST_VERSION;
  const least = LEAST_VERSION.join('.');
  if (major < leastMajor || (major === leastMajor && minor < leastMinor)) {
    yield {
      check: 'redis',
      ...failure('operator', `${en}: ${least} or newer is needed`, `${tr}: en az ${least} gerekir`),
    };
  } else if (info.get('role') === 'slave') {
    yield {
      check: 'redis',
      ...failure('operator', `${en}: a replica, read only`, `${tr}: yalnız okunan bir kopya`),
    };
  } else {
    yield { check: 'redis', ...ok(en, tr) };
  }
  yield { check: 'redis-persistence', ...(await explainPersistence(redis, info)) };
  yield { check: 'redis-memory', ...explainMemory(info) };
}

async function readInfo(redis: Redis): Promise<Map<string, string>> {
  const text = await redis.info();
  return new Map(
    text.split('\r\n').flatMap((line): [string, string][] => {
      const colon = line.indexOf(':');
      return colon < 1 ? [] : [[line.slice(0, colon), line.slice(colon + 1)]];
    }),
  );
}

async function explainPersistence(redis: Redis, info: Map<string, string>) {
  if (info.get('aof_enabled') !== '1') {
    return failure(
      'operator',
      'AOF is off: what was recorded before a message left could be lost. Set appendonly yes and appendfsync always',
      'AOF kapalı: mesajdan önce yazılan kayıt yitirilebilir. appendonly yes ve appendfsync always ayarlayın',
    );
  }
  if (info.get('aof_last_write_status') === 'err') {
    return failure(
      'operator',
      'Redis cannot write its AOF: is its disk full?',
      'Redis AOF dosyasına yazamıyor: diski dolu mu?',
    );
  }
  // Some services do not let their settings be read.
  const [, appendfsync] = await redis
    .config('GET', 'appendfsync')
    .then((reply) => reply as string[])
    .catch((): string[] => []);
  if (appendfsync === undefined) {
    return note(
      'AOF is on; whether with appendfsync always cannot be seen',
      'AOF açık; appendfsync always olup olmadığı görülemiyor',
    );
  }
  if (appendfsync !== 'always') {
    return warning(
      'operator',
      `AOF is on with appendfsync ${appendfsync}: a crash can lose the last second; set always`,
      `AOF açık ama appendfsync ${appendfsync}: çökmede son saniye yitebilir; always yapın`,
    );
  }
  return ok('AOF is on, appendfsync always', 'AOF açık, appendfsync always');
}

function explainMemory(info: Map<string, string>) {
  const policy = info.get('maxmemory_policy');
  if (policy === 'noeviction') return ok('noeviction', 'noeviction');
  return failure(
    'operator',
    `maxmemory-policy is ${policy}: records could be evicted; set noeviction`,
    `maxmemory-policy ${policy}: kayıtlar silinebilir; noeviction yapın`,
  );
}

/** The folder of reports: whether it can be written to, and the space that is left. */
export function examineDisk(dataDir: string): Finding {
  return { check: 'disk', ...explainDisk(dataDir) };
}

function explainDisk(dataDir: string) {
  let folder = dataDir;
  while (statSync(folder, { throwIfNoEntry: false }) === undefined) folder = dirname(folder);
  const trial = join(folder, `.doctor-${randomUUID()}`);
  try {
    writeFileSync(trial, '', { flag: 'wx', mode: 0o600 });
    rmSync(trial);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return failure(
      'operator',
      `${folder} cannot be written to (${code})`,
      `${folder} klasörüne yazılamıyor (${code})`,
    );
  }
  const { bavail, bsize } = statfsSync(folder);
  const bytes = bavail * bsize;
  const free = (bytes / GIBIBYTE).toFixed(1);
  const en = `${dataDir} can be written to, ${free} GiB free`;
  const tr = `${dataDir} yazılabilir, ${free} GiB boş`;
  if (bytes < FREE_FAILURE_BYTES) return failure('operator', `${en}: too little`, `${tr}: çok az`);
  if (bytes < FREE_WARNING_BYTES) return warning('operator', `${en}: little`, `${tr}: az`);
  return ok(en, tr);
}
