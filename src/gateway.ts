/** The gateway's parts put together: state, egress adapter, desk and HTTP edge, and their end. */
import { join } from 'node:path';
import type { Logger } from 'pino';
import { buildApp, buildOperationsApp, useCertificate } from './app.ts';
import { closeApp } from './closing.ts';
import type { Configuration } from './config.ts';
import { sealingKeysAtStart } from './config/sealing-keys.ts';
import { followFiles } from './config/live.ts';
import { within } from './lib/within.ts';
import type { Clock } from './lib/clock.ts';
import { signingFault } from './lib/credentials.ts';
import { resultCodes } from './mks/codes.ts';
import { createServiceHours } from './mks/hours.ts';
import { createMks, createStatements } from './mks/index.ts';
import { createJournal } from './journal/index.ts';
import { catalogue } from './mks/services/catalogue.ts';
import { watchCalls } from './operations/calls.ts';
import {
  createHealth,
  membersCheck,
  redisCheck,
  spoolCheck,
  trailCheck,
} from './operations/health.ts';
import { createOperations } from './operations/index.ts';
import { watchShutOffs } from './operations/shut-offs.ts';
import type { App, EdgeDeps } from './routes/types.ts';
import { createDesk } from './reports/desk.ts';
import { createChanges } from './reconciliation/changes.ts';
import { createChecks } from './reconciliation/checks.ts';
import { createReaders } from './reports/readers.ts';
import { stateful } from './state/connection.ts';
import { createKeys } from './state/keys.ts';
import { CHECKPOINT_TYPE, openTrail } from './trail/index.ts';
import { openState } from './state/open.ts';
import { createRequestCounts } from './state/request-counts.ts';
import { createSealer } from './state/sealing.ts';

export interface Gateway {
  /** Where it listens, e.g. `http://127.0.0.1:3000`. */
  url: string;
  /**
   * Takes no new work, answers those who wait, lets go of the rest and frees the port; done within
   * about 20 seconds whether Redis answers or not.
   */
  close(): Promise<void>;
}

/** Runs under way may put their reports back for this long. */
const DESK_CLOSE_MS = 8_000;

/**
 * @throws when the port is taken, the spool cannot be made or the embedded Redis does not start;
 *   nothing of it is left open then.
 */
export async function startGateway(
  configuration: Configuration,
  clock: Clock,
  log: Logger,
): Promise<Gateway> {
  const ends: End[] = [];
  try {
    return await assemble(configuration, clock, log, ends);
  } catch (error) {
    await inReverse(ends);
    throw error;
  }
}

/** What has to be ended, in the order of its making. */
type End = () => unknown;

async function inReverse(ends: readonly End[]): Promise<void> {
  for (const end of ends.toReversed()) await end();
}

async function assemble(
  configuration: Configuration,
  clock: Clock,
  log: Logger,
  ends: End[],
): Promise<Gateway> {
  const shutdown = new AbortController();
  const base = await openBase(configuration, clock, log, ends);
  const works = await openWorks(base, ends);
  const app = await openEdge(base, works, shutdown.signal, ends);
  const { host, port } = base.config;
  const url = await app.listen({ host, port });
  return {
    url,
    async close() {
      shutdown.abort();
      await inReverse(ends);
    },
  };
}

type Base = Awaited<ReturnType<typeof openBase>>;

/** What everything else stands on: state, the files that are followed, the sealing keys. */
async function openBase(configuration: Configuration, clock: Clock, log: Logger, ends: End[]) {
  const { config } = configuration;
  // Before there is a Redis that could hold what is sealed.
  const sealingKeys = sealingKeysAtStart(configuration, clock.now(), log);
  const redis = await openState(config, log, ends);
  const keys = createKeys();
  const files = followFiles({ ...configuration, sealingKeys }, clock, log);
  ends.push(() => files.close());
  const trail = await openTrail({
    folder: join(config.dataDir, 'trail'),
    replica: `${config.host}:${config.port}`,
    retentionDays: config.trailRetentionDays,
    sign: createStatements(CHECKPOINT_TYPE, files.credentials, clock),
    clock,
    log,
  });
  ends.push(() => trail.close(3_000));
  files.onChange((part) => {
    trail.record({ action: 'config.changed', part, end: 'done' }).catch(() => undefined);
  });
  return {
    config,
    clock,
    log,
    redis,
    keys,
    files,
    trail,
    sealer: createSealer(files.sealingKeys),
    members: () => [...files.credentials().members.keys()],
    shutOff: (code: string) => {
      const member = files.credentials().members.get(code);
      return member && signingFault(member, clock.now());
    },
    hours: createServiceHours(config.serviceHours, clock),
    spoolFolder: join(config.dataDir, 'spool'),
  };
}

type Works = Awaited<ReturnType<typeof openWorks>>;

/** Journal, operations, the adapter to MKS and the desk; the first two watch the others. */
async function openWorks(base: Base, ends: End[]) {
  const { config, clock, log, redis, keys, files, sealer, members, hours, spoolFolder } = base;
  const { credentials } = files;
  const journal = createJournal({ redis, keys, sealer, clock, log, members });
  ends.push(() => journal.close(1_000));
  const operations = createOperations({
    credentials,
    hours,
    clock,
    tokenState: (member) => mks.tokenState(member),
    queue: (member) => desk.queue(member),
    tlsCertificate: () => files.tls()?.certificate,
    refusedFiles: files.refused,
    dataDir: config.dataDir,
    trailReady: () => base.trail.look(),
  });
  const adapter = createMks({
    config,
    credentials,
    redis: redis.commands,
    keys,
    sealer,
    stateful,
    clock,
    log,
    journal(exchange) {
      journal.record(exchange);
      operations.onExchange(exchange);
    },
    onReference: operations.metrics.onReference,
  });
  ends.push(() => within(1_000, adapter.close()).catch(() => undefined));
  const mks = watchCalls(adapter, clock, operations.onCall);
  const { desk, passThrough } = await createDesk({
    mks,
    hours,
    members,
    shutOff: base.shutOff,
    redis,
    keys,
    sealer,
    clock,
    log,
    options: { ...config, spoolFolder, retentionMs: config.reportRetentionMs },
    onReportEnd: operations.metrics.onReportEnd,
  });
  ends.push(() => desk.close(DESK_CLOSE_MS));
  // Without Redis the sweep finds what waits, a minute later at most.
  const wake = (): void => void desk.wake().catch(() => undefined);
  const shutOffs = watchShutOffs({ credentials, clock, log, onMended: wake });
  ends.push(() => shutOffs.close());
  files.onChange((part) => {
    if (part !== 'credentials') return;
    shutOffs.look();
    wake();
  });
  return { journal, operations, desk, passThrough };
}

/** The HTTP edge, with the certificate of its files; it does not listen yet. */
async function openEdge(
  { config, clock, log, redis, keys, files, trail, members, hours, spoolFolder }: Base,
  { journal, operations, desk, passThrough }: Works,
  shutdown: AbortSignal,
  ends: End[],
): Promise<App> {
  const health = createHealth(
    {
      redis: redisCheck(redis.commands, keys),
      spool: spoolCheck(spoolFolder),
      trail: trailCheck(trail),
      members: membersCheck(files.credentials, files.refused, clock),
    },
    clock,
  );
  const scratchFolder = join(config.dataDir, 'scratch');
  const edge: EdgeDeps = {
    desk,
    readers: createReaders(desk),
    changes: createChanges(desk, scratchFolder),
    checks: createChecks(desk, scratchFolder),
    passThrough,
    exchanges: journal,
    trail,
    hours,
    services: catalogue,
    resultCodes,
    clients: files.clients,
    members,
    clock,
    log,
    health,
    operations,
    countRequest: createRequestCounts(redis.counting, keys.rateLimit),
    shutdown,
  };
  if (config.operationsPort !== undefined) {
    const operationsApp = await buildOperationsApp(config, edge);
    // Made first, so ended last: it tells of the closing until that is done.
    ends.push(() => closeApp(operationsApp));
    await operationsApp.listen({ host: config.host, port: config.operationsPort });
  }
  const app = await buildApp(config, edge);
  ends.push(() => closeApp(app));
  files.onChange((part) => part === 'tls' && useCertificate(app, files.tls()));
  useCertificate(app, files.tls());
  return app;
}
