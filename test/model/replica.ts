/** One process of the gateway in a world: the real adapter, desk and standing orders, put together as gateway.ts does. */
import type { KeyObject, X509Certificate } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { StandingOrder } from '../../src/config/orders.ts';
import type { Clock } from '../../src/lib/clock.ts';
import type { Credentials, Member } from '../../src/lib/credentials.ts';
import { createServiceHours } from '../../src/mks/hours.ts';
import { createMks } from '../../src/mks/index.ts';
import { createOrderDays } from '../../src/orders/days.ts';
import { createOrderEngine } from '../../src/orders/engine.ts';
import { createOrderWork } from '../../src/orders/work.ts';
import { createDesk } from '../../src/reports/desk.ts';
import type { Desk } from '../../src/reports/types.ts';
import { stateful } from '../../src/state/connection.ts';
import { StateUnavailableError } from '../../src/state/errors.ts';
import { createKeys } from '../../src/state/keys.ts';
import { createSealer } from '../../src/state/sealing.ts';
import { inPlace } from './here.ts';
import type { Place } from './place.ts';
import { MEMBERS, type Schedule } from './schedule.ts';
import type { Replica } from './stage.ts';

const STATUS_POLL_MS = 2_000;
const ALWAYS = { startMinute: 0, endMinute: 1440 };
export const KEYS = createKeys();

const secrets = [{ id: 'one', secret: Buffer.alloc(32, 7) }];
const sealer = createSealer(() => secrets);
const certificate = {
  validFromDate: new Date(0),
  validToDate: new Date(8.64e15),
} as unknown as X509Certificate;

function memberOf(memberCode: string): Member {
  const signer = {
    kind: 'file',
    publicKey: {} as KeyObject,
    sign: async () => Buffer.from('ours'),
    fault: () => undefined,
  } as const;
  return {
    memberCode,
    userCode: `${memberCode}991`,
    password: 'Sw0rd!fi',
    referencePrefix: 'GW',
    identity: { signer, certificate },
  };
}

/** @param mistake is told of errors in the log that are no absence of Redis. */
export async function startReplica(
  place: Place,
  redis: Redis,
  schedule: Schedule,
  mistake: (text: string) => void,
): Promise<Replica> {
  const { simulator } = place;
  const skewMs = Math.round((place.random.next() * 2 - 1) * schedule.skewMs);
  const clock: Clock = { now: () => simulator.now() + skewMs, elapsedMs: () => simulator.now() };
  const log = logOf(mistake);
  const serviceHours = { 1: schedule.window, 2: ALWAYS, 3: ALWAYS, 4: ALWAYS };
  const credentials: Credentials = {
    members: new Map(MEMBERS.map((code) => [code, memberOf(code)])),
    trustedCertificates: [{ publicKey: {} } as X509Certificate],
  };
  const redises = { commands: redis, blocking: redis, subscriber: redis };
  const base = { redis, keys: KEYS, sealer, stateful, clock, log };
  const { promise: died, resolve } = Promise.withResolvers<'died'>();

  return inPlace(place, async () => {
    const mks = createMks({
      ...base,
      credentials: () => credentials,
      config: {
        baseUrl: 'https://mks.invalid',
        requestTimeoutMs: schedule.requestTimeoutMs,
        downloadTimeoutMs: schedule.requestTimeoutMs,
        archiveMaxBytes: 1_000_000,
        serviceHours,
      },
    });
    const { desk, passThrough } = await createDesk({
      ...base,
      mks,
      hours: createServiceHours(serviceHours, clock),
      members: () => MEMBERS,
      shutOff: () => undefined,
      redis: redises,
      options: {
        spoolFolder: '',
        fileType: 'json',
        statusPollMs: STATUS_POLL_MS,
        requestTimeoutMs: schedule.requestTimeoutMs,
        retentionMs: schedule.retentionMs,
        fileMaxBytes: 1_000_000,
      },
    });
    const orders = openOrders({ ...base, desk }, redises, schedule);
    return {
      place,
      desk,
      passThrough,
      died,
      die() {
        place.life.isDead = true;
        resolve('died');
      },
      async close() {
        await orders?.close(5_000);
        await desk.close(15_000);
        await mks.close();
      },
    };
  });
}

/** Its dates are asked for and looked after; without a folder and without anybody to tell. */
export function orderOf(schedule: Schedule): StandingOrder | undefined {
  const { orderAt } = schedule;
  if (orderAt === undefined) return undefined;
  return {
    name: 'nightly',
    member: MEMBERS[0] ?? '',
    at: orderAt,
    date: 'yesterday',
    filters: {},
    days: [0, 1, 2, 3, 4, 5, 6],
    catchUpDays: 1,
    lateAfter: '12:00',
  };
}

function openOrders(
  base: { keys: typeof KEYS; clock: Clock; log: Logger; desk: Desk },
  redises: { commands: Redis; blocking: Redis },
  schedule: Schedule,
) {
  const order = orderOf(schedule);
  if (order === undefined) return undefined;
  const trail = { ready: async () => undefined, record: async () => undefined };
  const sender = {
    send: () => Promise.reject(new Error('nobody is told')),
    close: async () => undefined,
  };
  const days = createOrderDays(redises.commands, base.keys);
  const work = createOrderWork({ ...base, days, trail, sender });
  return createOrderEngine({
    ...base,
    connections: redises,
    names: () => [order.name],
    isDue: () => work.isDue(order),
    work: (_, signal) => work.work(order, signal),
  });
}

function logOf(mistake: (text: string) => void): Logger {
  const nothing = (): void => undefined;
  const error = (details: { err?: unknown }, text: string): void => {
    const { err } = details;
    const isOurs = err instanceof Error && !(err instanceof StateUnavailableError);
    if (isOurs) mistake(`${text}: ${err.stack ?? err.message}`);
  };
  return {
    trace: nothing,
    debug: nothing,
    info: nothing,
    warn: nothing,
    error,
  } as unknown as Logger;
}
