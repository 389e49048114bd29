/** The gateway's parts put together: state, egress adapter, desk and HTTP edge, and their end. */
import type { Logger } from 'pino';
import { buildApp, buildOperationsApp, useCertificate } from './app.ts';
import { openBase, type Base, type End, type Ground } from './base.ts';
import { closeApp } from './closing.ts';
import type { Configuration } from './config.ts';
import { within } from './lib/within.ts';
import type { Clock } from './lib/clock.ts';
import { resultCodes } from './mks/codes.ts';
import { createHsms, createMks, type OpenHsms } from './mks/index.ts';
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
import { createReconciliation } from './reconciliation/index.ts';
import { createOrders, type Orders } from './orders/index.ts';
import type { Desk } from './reports/types.ts';
import { createReaders } from './reports/readers.ts';
import { stateful } from './state/connection.ts';
import { createRequestCounts } from './state/request-counts.ts';

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
/** A file that is being written is begun anew by the next start. */
const ORDERS_CLOSE_MS = 2_000;

/**
 * @param hsms with the keys that the configuration was read with; closed with the gateway, or with its failure.
 * @throws when the port is taken, the spool cannot be made or the embedded Redis does not start;
 *   nothing of it is left open then.
 */
export async function startGateway(
  configuration: Configuration,
  clock: Clock,
  log: Logger,
  hsms: OpenHsms = createHsms(log),
): Promise<Gateway> {
  const ends: End[] = [() => hsms.close()];
  try {
    return await assemble({ configuration, clock, log, hsms }, ends);
  } catch (error) {
    await inReverse(ends);
    throw error;
  }
}

async function inReverse(ends: readonly End[]): Promise<void> {
  for (const end of ends.toReversed()) await end();
}

async function assemble(ground: Ground, ends: End[]): Promise<Gateway> {
  const shutdown = new AbortController();
  const base = await openBase(ground, ends);
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
    orders: (codes) => orders.list(codes),
    tlsCertificate: () => files.tls()?.certificate,
    refusedFiles: files.refused,
    dataDir: config.dataDir,
    trail: base.trail,
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
  const orders = openOrders(base, desk, ends);
  // Without Redis the sweep finds what waits, a minute later at most.
  const wake = (): void => void desk.wake().catch(() => undefined);
  const shutOffs = watchShutOffs({ credentials, clock, log, onMended: wake });
  ends.push(() => shutOffs.close());
  const look = (): void => {
    shutOffs.look();
    wake();
  };
  files.onChange((part) => part === 'credentials' && look());
  base.hsms.onNews(look);
  return { journal, operations, desk, passThrough, orders };
}

function openOrders(
  { redis, keys, files, trail, clock, log }: Base,
  desk: Desk,
  ends: End[],
): Orders {
  const orders = createOrders({
    orders: files.orders,
    targetOf: (client, target) =>
      files.clients()?.find(({ name }) => name === client)?.notices[target],
    redis,
    keys,
    desk,
    trail,
    clock,
    log,
  });
  ends.push(() => orders.close(ORDERS_CLOSE_MS));
  return orders;
}

/** The HTTP edge, with the certificate of its files; it does not listen yet. */
async function openEdge(
  base: Base,
  { journal, operations, desk, passThrough, orders }: Works,
  shutdown: AbortSignal,
  ends: End[],
): Promise<App> {
  const { config, clock, log, redis, keys, files, trail, members, hours } = base;
  const health = createHealth(
    {
      redis: redisCheck(redis.commands, keys),
      spool: spoolCheck(base.spoolFolder),
      trail: trailCheck(trail),
      members: membersCheck(files.credentials, files.refused, clock),
    },
    clock,
  );
  const reconciliation = createReconciliation({ ...base, desk, answerTo: journal.answerTo });
  ends.push(() => reconciliation.close());
  const edge: EdgeDeps = {
    desk,
    readers: createReaders(desk, clock),
    orders,
    ...reconciliation,
    checkProfiles: files.checkProfiles,
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
