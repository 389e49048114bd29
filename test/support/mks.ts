/** The adapter over a real Redis and a raw upstream, as many replicas of it as a test wants. */
import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import type { Cleanup } from './cleanup.ts';
import { systemClock, type Clock } from '../../src/lib/clock.ts';
import type { Credentials, Member } from '../../src/lib/credentials.ts';
import { createMks, type MksDeps, type MksOptions } from '../../src/mks/index.ts';
import { MksError } from '../../src/mks/errors.ts';
import type { Exchange, Mks, MksRequest } from '../../src/mks/types.ts';
import { createRedis, ready, stateful } from '../../src/state/connection.ts';
import { createKeys, type Keys } from '../../src/state/keys.ts';
import { makeIdentity } from './identities.ts';
import type { TestRedis } from './redis.ts';
import { startUpstream, type Upstream, type UpstreamOptions } from './upstream.ts';
import { testSealer } from './sealing.ts';

export const PASSWORD = 'Sw0rd!fi';
export const memberIdentity = await makeIdentity();
export const mkk = await makeIdentity();

const always = { startMinute: 0, endMinute: 1440 };
export const ALWAYS_OPEN = { 1: always, 2: always, 3: always, 4: always };

export const member: Member = {
  memberCode: 'TIB',
  userCode: 'TIB991',
  password: PASSWORD,
  referencePrefix: 'GW',
  identity: memberIdentity,
};

export const STATUS: MksRequest = {
  memberCode: 'TIB',
  service: 'reports/async-report-status',
  body: { refId: 'e7M7RhX2xUzR3uAjsb2s' },
};

export const CONTENT: MksRequest = {
  memberCode: 'TIB',
  service: 'reports/async-report-content',
  body: { refId: 'e7M7RhX2xUzR3uAjsb2s', fileName: 'MKK_RP166_20250728132033.zip' },
};

export interface Setting {
  upstream: Upstream;
  mks: Mks;
  keys: Keys;
  redis: MksDeps['redis'];
  /** Exchanged by tests that change a password. */
  credentials: {
    members: Map<string, Member>;
    trustedCertificates: Credentials['trustedCertificates'];
  };
  exchanges: Exchange[];
  /** Every line logged, as text. */
  logged: string[];
  /** Another process's adapter over the same Redis. */
  replica(config?: Partial<MksOptions>, clock?: Clock): Promise<Mks>;
}

export interface SettingOptions {
  handlers?: UpstreamOptions['handlers'];
  config?: Partial<MksOptions>;
  clock?: Clock;
  redis: Pick<TestRedis, 'url'>;
  tls?: UpstreamOptions['tls'];
}

/** Every setting has a key prefix of its own. */
export async function setUpMks(t: Cleanup, options: SettingOptions): Promise<Setting> {
  const server = options.redis;
  const upstream = await startUpstream(t, {
    signingKey: mkk.privateKey,
    ...(options.handlers && { handlers: options.handlers }),
    ...(options.tls && { tls: options.tls }),
  });
  const keys = createKeys(`${randomUUID()}:`);
  const credentials = {
    members: new Map([[member.memberCode, member]]),
    trustedCertificates: [mkk.certificate],
  };
  const exchanges: Exchange[] = [];
  const logged: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) });
  const open = async () => {
    const redis = createRedis(server.url, 'commands');
    await ready(redis);
    return redis;
  };
  async function replica(config: Partial<MksOptions> = {}, clock = options.clock ?? systemClock) {
    const redis = await open();
    const mks = createMks({
      config: {
        baseUrl: upstream.url,
        requestTimeoutMs: 5000,
        downloadTimeoutMs: 5000,
        archiveMaxBytes: 10_000_000,
        serviceHours: ALWAYS_OPEN,
        ...options.config,
        ...config,
      },
      credentials: () => credentials,
      redis,
      keys,
      sealer: testSealer,
      stateful,
      clock,
      log,
      journal: (exchange) => void exchanges.push(exchange),
    });
    t.after(async () => {
      await mks.close();
      redis.disconnect();
    });
    return mks;
  }
  const redis = await open();
  t.after(() => redis.disconnect());
  return { upstream, mks: await replica(), keys, redis, credentials, exchanges, logged, replica };
}

/** The MksError that the promise ends with. */
export async function errorOf(promise: Promise<unknown>): Promise<MksError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof MksError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}
