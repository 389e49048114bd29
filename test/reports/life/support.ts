/** One report's way over a real Redis, the real adapter and an upstream that says what a test wants. */
import { randomUUID } from 'node:crypto';
import { after, type TestContext } from 'node:test';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { pino } from 'pino';
import type { Clock } from '../../../src/lib/clock.ts';
import { createOnceADay } from '../../../src/lib/once-a-day.ts';
import type { MksOptions } from '../../../src/mks/index.ts';
import { createFetcher } from '../../../src/reports/fetcher.ts';
import { runReport } from '../../../src/reports/life/run.ts';
import type { RunDeps } from '../../../src/reports/life/step.ts';
import type { StoredReport } from '../../../src/reports/record.ts';
import { createReportSecrets } from '../../../src/reports/secrets.ts';
import { createSpool, type Spool } from '../../../src/reports/spool/spool.ts';
import { createReportStore } from '../../../src/reports/store.ts';
import type { Remark } from '../../../src/rows/remarks.ts';
import type { Keys } from '../../../src/state/keys.ts';
import { testSealer } from '../../support/sealing.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { startRedis } from '../../support/redis.ts';
import { jws, message, type Handler, type Upstream } from '../../support/upstream.ts';
import { mkk, setUp } from '../../mks/support.ts';
import { pack, ROW } from '../../rows/read/helpers.ts';

export const RETENTION_MS = 24 * 3_600_000;
export const POLL_MS = 100;
export const REQUEST_TIMEOUT_MS = 400;

/** An answer of MKS that it signed. */
export function signed(code: string, more: Record<string, unknown> = {}): Handler {
  return (received) => ({ body: jws(message(received, code, more), mkk.privateKey) });
}

/** What stands in the place of an answer when the connection breaks. */
export const broken: Handler = () => (response) => void response.destroy();
export const page: Handler = () => ({ status: 500, body: '<html>error</html>' });
/** Says yes, but is not signed by MKK. */
export const forged: Handler = (received) => ({
  body: JSON.stringify(message(received, '0000', { refId: 'R', fileNames: ['x.zip'] })),
});

export interface Logged {
  msg: string;
  remarks?: Remark[];
}

export interface Life {
  upstream: Upstream;
  /** Warnings and worse. */
  logged: Logged[];
  keys: Keys;
  /** Of the Redis, for connections of a replica's own. */
  url: string;
  deps: RunDeps;
  spool: Spool;
  /** What MKS answers to the next calls, one each; then nothing is left to say. */
  answer(...handlers: Handler[]): void;
  /** Makes a report that waits for its turn. */
  admit(member?: string, change?: Partial<StoredReport>): Promise<StoredReport>;
  /** Makes a report and gives it the slot, as far on its way as the change says. */
  begin(change?: Partial<StoredReport>): Promise<StoredReport>;
  /** One run, as a job makes it. */
  run(report: { id: string }, stop?: AbortSignal): Promise<number | undefined>;
  record(report: { id: string }): Promise<StoredReport>;
  /** Members whose slot was told to be free, in order. */
  freed: string[];
  /** Reports that a change has given the slot. */
  slotWentTo: string[];
  /** How many jobs are waiting or under way. */
  jobsLeft(): Promise<number>;
  /** Moves the wall clock of the report's life; never that of the adapter. */
  advance(ms: number): void;
}

const server = await startRedis({ after: (end) => after(end as () => Promise<void>) }, [
  '--appendfsync',
  'no',
]);

function logInto() {
  const logged: Logged[] = [];
  const write = (line: string) => void logged.push(JSON.parse(line) as Logged);
  return { log: pino({ level: 'warn' }, { write }), logged };
}

async function jobsLeft(connection: Redis, keys: Keys): Promise<number> {
  const queue = new Queue('reports', { connection, prefix: keys.jobs });
  try {
    return await queue.getJobCountByTypes('waiting', 'active', 'delayed', 'prioritized');
  } finally {
    await queue.close();
  }
}

export async function setUpLife(t: TestContext, config: Partial<MksOptions> = {}): Promise<Life> {
  const options = { requestTimeoutMs: REQUEST_TIMEOUT_MS, ...config };
  const setting = await setUp(t, { config: options, redis: server });
  const { upstream, redis, keys, mks } = setting;
  const store = createReportStore(redis, keys, RETENTION_MS);
  const secrets = createReportSecrets(testSealer);
  const spool = await createSpool(await temporaryFolder());
  const { log, logged } = logInto();
  let ahead = 0;
  const clock: Clock = { now: () => Date.now() + ahead, elapsedMs: () => performance.now() };
  const freed: string[] = [];
  const slotWentTo: string[] = [];
  const deps: RunDeps = {
    store,
    mks,
    secrets,
    shutOff: () => undefined,
    clock,
    log,
    isNewsToday: createOnceADay(clock),
    fetcher: createFetcher({ mks, spool, secrets, fileMaxBytes: 1_000_000, fileType: 'json' }),
    options: {
      fileType: 'json',
      statusPollMs: POLL_MS,
      requestTimeoutMs: REQUEST_TIMEOUT_MS,
      retentionMs: RETENTION_MS,
    },
    mayStart: () => true,
    onSlotFree: (member) => void freed.push(member),
    onGranted: ({ id }) => void slotWentTo.push(id),
  };
  const left: Handler[] = [];
  upstream.onCall = (received) => {
    const next = left.shift();
    if (next === undefined) throw new Error(`nobody expected ${received.path}`);
    return next(received);
  };

  async function admit(member = 'TIB', change: Partial<StoredReport> = {}): Promise<StoredReport> {
    const id = randomUUID();
    const now = clock.now();
    const record: StoredReport = {
      id,
      kind: 'report',
      client: 'a',
      member,
      processDate: '20250505',
      filters: { isin: 'TRAGARAN91N1' },
      joinKey: id,
      state: 'queued',
      phase: 'request',
      version: 1,
      createdAt: now,
      updatedAt: now,
      expiresAt: now + RETENTION_MS,
      secret: secrets.make(member, id),
      attempts: 0,
      pauses: 0,
      damaged: 0,
      ...change,
    };
    await store.admit({
      client: record.client,
      record,
      refresh: true,
      queue: { limit: 1_000, members: ['TIB'] },
      mayCreate: true,
      bodyDigest: '',
    });
    return record;
  }
  async function begin(change: Partial<StoredReport> = {}): Promise<StoredReport> {
    const { id } = await admit();
    const now = clock.now();
    await store.grant('TIB', now);
    const claimed = await store.claim('TIB', id, 'made by the test');
    if (claimed === undefined) throw new Error('the slot is not free');
    await store.update(claimed, 'made by the test', now, { set: change, silent: true });
    return readRecord(id);
  }
  async function readRecord(id: string): Promise<StoredReport> {
    const found = await store.get(id);
    if (found === undefined) throw new Error('there is no such report');
    return found;
  }
  return {
    upstream,
    logged,
    keys,
    url: server.url,
    deps,
    spool,
    freed,
    slotWentTo,
    admit,
    begin,
    answer: (...handlers) => void left.push(...handlers),
    run: ({ id }, signal = new AbortController().signal) =>
      runReport(deps, { member: 'TIB', id }, { signal, lateSignal: new AbortController().signal }),
    record: ({ id }) => readRecord(id),
    jobsLeft: () => jobsLeft(redis, keys),
    advance: (ms) => void (ahead += ms),
  };
}

const NAMES = ['balanceDate', 'mbrId', 'mbrAccNo', 'subAccCode', 'secClassCode', 'mic', 'isin'];
const OBJECT = Object.fromEntries(
  [...NAMES, 'addDefCode', 'balanceAmount'].map((name, index) => [name, ROW[index]]),
);

/** A zip as MKS makes it, with so many rows or with what is given. */
export async function archive(password: string, content: number | string): Promise<Handler> {
  const rows = () => JSON.stringify(Array.from({ length: Number(content) }, () => OBJECT));
  const text = typeof content === 'string' ? content : rows();
  const bytes = await pack([['rapor.json', text]], { password, zipCrypto: true });
  const headers = { 'content-type': 'application/octet-stream' };
  return () => ({ headers, body: Buffer.from(bytes) });
}

/** What MKS was asked to lock the report's files with. */
export function passwordOf({ deps }: Pick<Life, 'deps'>, report: StoredReport): string {
  return deps.secrets.open(report).zipPassword;
}
