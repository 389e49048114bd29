/** The HTTP edge on a port of its own, in front of a desk in memory. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Cleanup } from './cleanup.ts';
import { buildApp } from '../../src/app.ts';
import type { ApiClient } from '../../src/config/clients.ts';
import { resultCodes } from '../../src/mks/codes.ts';
import { createServiceHours } from '../../src/mks/hours.ts';
import { catalogue } from '../../src/mks/services/catalogue.ts';
import type { OrderState } from '../../src/orders/index.ts';
import type { PassThrough } from '../../src/reports/pass-through.ts';
import { createChanges } from '../../src/reconciliation/changes.ts';
import { createChecks } from '../../src/reconciliation/checks.ts';
import { keptChecksFor } from './kept-checks.ts';
import { createReaders } from '../../src/reports/readers.ts';
import { openTrail } from '../../src/trail/index.ts';
import type { EdgeConfig, EdgeDeps } from '../../src/routes/types.ts';
import { createMemoryDesk, type MemoryDesk } from './desk.ts';
import { temporaryFolder } from './folder.ts';
import { createMemoryOperations } from './operations.ts';

/** 6 May 2025, 10:15 in Istanbul. */
export const NOW = Date.UTC(2025, 4, 6, 7, 15);

const day = { startMinute: 60, endMinute: 23 * 60 };
const WINDOWS = { 1: day, 2: { startMinute: 510, endMinute: 1260 }, 3: day, 4: day };

export interface Edge {
  url: string;
  desk: MemoryDesk;
  /** Lines of the log so far. */
  logLines: string[];
  /** The folder of the access trail. */
  trailFolder: string;
  shutdown: AbortController;
  calls: Parameters<PassThrough['call']>[0][];
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  /** POST; a string goes as it is, anything else as JSON. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
}

const ORDER: OrderState = {
  order: {
    name: 'nightly',
    member: 'TIB',
    at: '01:05',
    date: 'yesterday',
    filters: {},
    days: [1],
    catchUpDays: 0,
    lateAfter: '06:00',
  },
  nextRunAt: NOW,
  dates: [],
};
/** One order that does nothing. */
export const memoryOrders: EdgeDeps['orders'] = {
  list: async () => [ORDER],
  find: async (name) => (name === ORDER.order.name ? ORDER : undefined),
  run: async () => undefined,
  notices: { want: async () => undefined },
};

/** @param change parts of the dependencies that the test wants otherwise. */
export async function startEdge(
  t: Cleanup,
  change: Partial<EdgeDeps & EdgeConfig> = {},
): Promise<Edge> {
  const {
    balancesWaitMs = 2_000,
    rateLimitPerMinute = 600,
    requestTimeoutMs = 30_000,
    tls,
    ...deps
  } = change;
  const desk = createMemoryDesk();
  const clock = { now: () => NOW, elapsedMs: () => performance.now() };
  const logLines: string[] = [];
  const shutdown = new AbortController();
  const calls: Parameters<PassThrough['call']>[0][] = [];
  const folder = join(await temporaryFolder(), 'trail');
  const trail = await openTrail({
    folder,
    replica: 'test',
    retentionDays: 0,
    clock,
    log: pino({ level: 'silent' }),
  });
  const checks = {
    desk,
    kept: await keptChecksFor(t),
    answerTo: async () => undefined,
    folder: await temporaryFolder(),
  };
  const app = await buildApp(
    {
      balancesWaitMs,
      rateLimitPerMinute,
      requestTimeoutMs,
      ...(tls !== undefined && { tls }),
    },
    {
      desk,
      readers: createReaders(desk, clock),
      changes: createChanges(desk, await temporaryFolder()),
      checks: createChecks(checks),
      checkProfiles: () => [],
      orders: memoryOrders,
      passThrough: {
        async call(call) {
          calls.push(call);
          return {
            kind: 'message',
            service: 'reports/account/balance-report',
            senderReference: 'GW1-ABC',
            code: '0000',
            description: '',
            httpStatus: 200,
            payload: { response: { responseCode: '0000' }, unknown: [1] },
            payloadText: '{"response":{"responseCode":"0000"}, "unknown":[1]}',
          };
        },
      },
      exchanges: { list: async () => ({ items: [] }) },
      trail,
      hours: createServiceHours(WINDOWS, clock),
      services: catalogue,
      resultCodes,
      clients: () => undefined,
      members: () => ['TIB'],
      clock,
      log: pino({ level: 'info' }, { write: (line: string) => logLines.push(line) }),
      health: async () => ({ redis: { ok: true, checkedAt: NOW } }),
      operations: createMemoryOperations(desk, clock),
      shutdown: shutdown.signal,
      ...deps,
    },
  );
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  t.after(async () => {
    shutdown.abort();
    await app.close();
    await trail.close(1_000);
  });
  return {
    url,
    desk,
    logLines,
    trailFolder: folder,
    shutdown,
    calls,
    get: (path, headers = {}) => fetch(url + path, { headers, redirect: 'manual' }),
    post: (path, body, headers = {}) =>
      fetch(url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
  };
}

/** An API client whose key is its name followed by `-key`. */
export function client(name: string, members: string[]): ApiClient {
  const keyDigests = [createHash('sha256').update(`${name}-key`).digest()];
  return {
    name,
    keyDigests,
    members,
    operator: false,
    auditor: false,
    queueLimit: 1_000,
    notices: {},
  };
}

/** The Authorization header of such a client. */
export function keyOf(name: string): Record<string, string> {
  return { authorization: `Bearer ${name}-key` };
}
