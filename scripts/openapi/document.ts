/** The OpenAPI document of the very app that serves, built over parts that never run. */
import { pino } from 'pino';
import { buildApp } from '../../src/app.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { resultCodes } from '../../src/mks/codes.ts';
import { createServiceHours } from '../../src/mks/hours.ts';
import { catalogue } from '../../src/mks/services/catalogue.ts';
import type { Desk } from '../../src/reports/types.ts';

const always = { startMinute: 0, endMinute: 1440 };

/** The document as text: two spaces, a line feed at the end, the same for the same sources. */
export async function openapiText(): Promise<string> {
  const app = await buildApp(
    { balancesWaitMs: 30_000 },
    {
      desk: idleDesk,
      passThrough: { call: neverCalled },
      hours: createServiceHours({ 1: always, 2: always, 3: always, 4: always }, systemClock),
      services: catalogue,
      resultCodes,
      clients: () => undefined,
      members: () => [],
      clock: systemClock,
      log: pino({ level: 'silent' }),
      health: async () => ({}),
      shutdown: new AbortController().signal,
    },
  );
  const text = `${JSON.stringify(app.swagger(), null, 2)}\n`;
  await app.close();
  return text;
}

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
  queue: neverCalled,
  pause: neverCalled,
  resume: neverCalled,
  close: async () => undefined,
};
