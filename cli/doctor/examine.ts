/** All checks in their order, each told as soon as it is done. */
import { statSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { pino } from 'pino';
import { ConfigurationError, openConfiguration, type Configuration } from '../../src/config.ts';
import { sealingKeysAtStart } from '../../src/config/sealing-keys.ts';
import type { Clock } from '../../src/lib/clock.ts';
import { canSign } from '../../src/lib/credentials.ts';
import { defined } from '../../src/lib/defined.ts';
import type { Hsms } from '../../src/lib/hsm.ts';
import { createServiceHours } from '../../src/mks/hours.ts';
import { createHsms, createMks } from '../../src/mks/index.ts';
import { probeUpstream } from './probe.ts';
import type { Mks } from '../../src/mks/types.ts';
import { createRedis, ready, stateful } from '../../src/state/connection.ts';
import { startEmbeddedRedis } from '../../src/state/embedded.ts';
import { createKeys } from '../../src/state/keys.ts';
import { createSealer, type Sealer } from '../../src/state/sealing.ts';
import { examineCredentials } from './certificates.ts';
import { failure, note, ok, warning, type Finding } from './finding.ts';
import { examineHours, examineWay, isReachable } from './network.ts';
import { examineSigning } from './signing.ts';
import { examineStamps } from './stamps.ts';
import { examineDisk, examineRedis } from './storage.ts';
import { examineSealing } from './sealing.ts';
import { examineSigned, examineToken } from './upstream.ts';

export interface ExamineOptions {
  env: NodeJS.ProcessEnv;
  clock: Clock;
  /** Whether to ask MKS a signed question too. */
  signed: boolean;
}

const LONGEST_STEP_MS = 10_000;
const REDIS_WAIT_MS = 3_000;
const SILENT = { info: () => undefined, warn: () => undefined };

/** Runs the checks. Never throws for what it finds wrong. */
export async function* examine(options: ExamineOptions): AsyncGenerator<Finding> {
  const hsms = createHsms(pino({ level: 'silent' }));
  try {
    yield* examineWith(options, hsms);
  } finally {
    hsms.close();
  }
}

async function* examineWith(options: ExamineOptions, hsms: Hsms): AsyncGenerator<Finding> {
  const { env, clock } = options;
  let configuration: Configuration;
  try {
    configuration = await openConfiguration(env, clock, hsms);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    for (const mistake of error.mistakes) {
      yield { check: 'configuration', ...failure('operator', mistake.en, mistake.tr) };
    }
    const en = 'everything else is looked at once these are mended';
    yield { check: 'configuration', ...note(en, 'bunlar düzelince gerisine bakılır') };
    return;
  }
  yield* describeConfiguration(configuration);
  yield* examineCredentials(configuration, clock.now());
  yield* examineSigning(configuration.credentials, clock.now());
  yield* examineOutside(configuration, options);
}

function* describeConfiguration({ config, credentials, warnings }: Configuration) {
  const members = [...credentials.members.keys()].join(', ');
  const place = `${config.environment}, ${config.baseUrl}`;
  const en = `no mistakes; ${place}; members ${members}`;
  const tr = `hatasız; ${place}; üyeler ${members}`;
  yield { check: 'configuration', ...ok(en, tr) } satisfies Finding;
  for (const { about, shutsOff, ...text } of warnings) {
    // The gateway would start without that member; all is not well all the same.
    const found = shutsOff === undefined ? warning : failure;
    yield {
      check: about,
      ...defined({ member: shutsOff }),
      ...found('operator', text.en, text.tr),
    } satisfies Finding;
  }
  if (!warnings.some(({ about }) => about === 'secret-files')) {
    const closed = ok('closed to others', 'başkalarına kapalı');
    yield { check: 'secret-files', ...closed } satisfies Finding;
  }
}

async function* examineOutside(
  configuration: Configuration,
  { clock, signed }: ExamineOptions,
): AsyncGenerator<Finding> {
  const { config, credentials } = configuration;
  const way = await probeUpstream(
    config,
    clock,
    Math.min(config.requestTimeoutMs, LONGEST_STEP_MS),
  );
  yield* examineWay(way, config);
  const hours = createServiceHours(config.serviceHours, clock);
  yield* examineHours(hours, clock.now());

  const state = await openState(configuration, clock);
  try {
    // Before a login, which replaces a token that cannot be opened.
    if ('redis' in state) yield* examineSealing(state.redis, state.sealer, configuration);
    const mks = 'redis' in state ? openMks(configuration, state, clock) : undefined;
    try {
      for (const member of credentials.members.keys()) {
        yield* examineMember(
          isReachable(way) ? mks : undefined,
          { member, configuration, signed, nowMs: clock.now() },
          isReachable(way),
        );
      }
    } finally {
      await mks?.close();
    }
    if ('redis' in state) yield* examineRedis(state.redis, config.redisUrl === undefined);
    else yield { check: 'redis', ...state.fault };
  } finally {
    if ('redis' in state) await state.close();
  }
  yield examineDisk(config.dataDir);
  yield* examineStamps(config, clock);
}

async function* examineMember(
  mks: Mks | undefined,
  about: { member: string; configuration: Configuration; signed: boolean; nowMs: number },
  reachable: boolean,
): AsyncGenerator<Finding> {
  const { member, configuration, signed } = about;
  const found = configuration.credentials.members.get(member);
  if (found !== undefined && !canSign(found, about.nowMs)) {
    const shutOff = note('not asked: the member cannot sign', 'sorulmadı: üye imza atamıyor');
    yield { check: 'token', member, ...shutOff };
    return;
  }
  if (mks === undefined) {
    yield {
      check: 'token',
      member,
      ...(reachable
        ? note('not asked: Redis cannot be used', 'sorulmadı: Redis kullanılamıyor')
        : note('not asked: MKS cannot be reached', 'sorulmadı: MKS’ye ulaşılamıyor')),
    };
    return;
  }
  const hasToken = yield* examineToken(mks, member, configuration.config);
  if (hasToken && signed) yield await examineSigned(mks, member);
}

interface OpenState {
  redis: Redis;
  sealer: Sealer;
  close: () => Promise<void>;
}
type State = OpenState | { fault: ReturnType<typeof failure> };

/**
 * The gateway's Redis: the one of REDIS_URL, or its own, started for the while if it does not run. Where there
 * is none yet it is begun as the gateway would, sealing keys first, so that what lies in it can be read.
 */
async function openState(configuration: Configuration, clock: Clock): Promise<State> {
  const { config } = configuration;
  const { redisUrl, dataDir } = config;
  if (redisUrl !== undefined) {
    const redis = await connected(redisUrl);
    const sealer = createSealer(() => configuration.sealingKeys);
    if (redis !== undefined) return { redis, sealer, close: async () => redis.disconnect() };
    return {
      fault: failure(
        'operator',
        'the server of REDIS_URL cannot be reached or refuses the password',
        'REDIS_URL sunucusuna ulaşılamıyor ya da parola kabul edilmiyor',
      ),
    };
  }
  const owner = statSync(dataDir, { throwIfNoEntry: false })?.uid;
  if (owner !== undefined && owner !== process.getuid?.()) {
    return {
      fault: failure(
        'operator',
        `${dataDir} belongs to another user: run this as the user that the gateway runs as`,
        `${dataDir} başka kullanıcının: bunu geçidin çalıştığı kullanıcıyla çalıştırın`,
      ),
    };
  }
  try {
    const secrets = sealingKeysAtStart(configuration, clock.now(), SILENT);
    const server = await startEmbeddedRedis({ dataDir, log: SILENT });
    const redis = await connected(server.url);
    if (redis === undefined) throw new Error('it does not answer');
    return {
      redis,
      sealer: createSealer(() => secrets),
      async close() {
        redis.disconnect();
        await server.stop();
      },
    };
  } catch (error) {
    const why = error instanceof Error ? error.message : '';
    return { fault: failure('operator', why, `geçidin kendi Redis sunucusu açılamadı: ${why}`) };
  }
}

async function connected(url: string): Promise<Redis | undefined> {
  const redis = createRedis(url, 'commands');
  try {
    await ready(redis, REDIS_WAIT_MS);
    await stateful(redis.ping());
    return redis;
  } catch {
    redis.disconnect();
    return undefined;
  }
}

/** The adapter as the gateway has it, so that the two share token, references and signature. */
function openMks(
  { config, credentials: present }: Configuration,
  { redis, sealer }: OpenState,
  clock: Clock,
): Mks {
  const log = pino({ level: 'silent' });
  const keys = createKeys();
  const credentials = () => present;
  return createMks({ config, credentials, redis, keys, sealer, stateful, clock, log });
}
