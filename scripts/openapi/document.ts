/** The OpenAPI document of the very app that serves, built over parts that never run. */
import { createReaders } from '../../src/reports/readers.ts';
import { pino } from 'pino';
import { buildApp } from '../../src/app.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { resultCodes } from '../../src/mks/codes.ts';
import { createServiceHours } from '../../src/mks/hours.ts';
import { catalogue } from '../../src/mks/services/catalogue.ts';
import type { Operations } from '../../src/operations/index.ts';
import type { Checks } from '../../src/reconciliation/checks.ts';
import type { Desk } from '../../src/reports/types.ts';

const always = { startMinute: 0, endMinute: 1440 };

/** The document as text: two spaces, a line feed at the end, the same for the same sources. */
export async function openapiText(): Promise<string> {
  const app = await buildApp(
    { balancesWaitMs: 30_000, rateLimitPerMinute: 600, requestTimeoutMs: 30_000 },
    {
      desk: idleDesk,
      readers: createReaders(idleDesk, systemClock),
      changes: { read: neverCalled },
      checks: idleChecks,
      checkProfiles: () => [],
      orders: {
        list: neverCalled,
        find: neverCalled,
        run: neverCalled,
        notices: { want: neverCalled },
      },
      passThrough: { call: neverCalled },
      exchanges: { list: neverCalled },
      trail: { record: neverCalled, ready: neverCalled, list: neverCalled },
      hours: createServiceHours({ 1: always, 2: always, 3: always, 4: always }, systemClock),
      services: catalogue,
      resultCodes,
      // With keys, so that the document has all of it.
      clients: () => [],
      members: () => [],
      clock: systemClock,
      log: pino({ level: 'silent' }),
      health: async () => ({}),
      operations: idleOperations,
      shutdown: new AbortController().signal,
    },
  );
  const text = `${JSON.stringify(app.swagger(), null, 2)}\n`;
  await app.close();
  return text;
}

const idleOperations: Operations = {
  members: { of: neverCalled },
  upstream: neverCalled,
  metrics: {
    onHttp: neverCalled,
    onExchange: neverCalled,
    onCall: neverCalled,
    onReference: neverCalled,
    onReportEnd: neverCalled,
    contentType: '',
    text: neverCalled,
  },
};

const idleChecks: Checks = {
  read: neverCalled,
  preview: neverCalled,
  find: neverCalled,
  list: neverCalled,
  readKept: neverCalled,
};

function neverCalled(): never {
  throw new Error('the document is made without serving anyone');
}

const idleDesk: Desk = {
  request: neverCalled,
  get: neverCalled,
  list: neverCalled,
  waitForEnd: neverCalled,
  follow: neverCalled,
  withdraw: neverCalled,
  openRows: neverCalled,
  openFile: neverCalled,
  rowFiles: neverCalled,
  findReady: neverCalled,
  queue: neverCalled,
  pause: neverCalled,
  wake: neverCalled,
  resume: neverCalled,
  close: async () => undefined,
};
