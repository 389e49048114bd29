/** The endpoints under /_sandbox/, by which tests and people steer the sandbox and look into it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { registerCertificate, signWith } from './certificates.ts';
import type { Fault } from './faults/catalogue.ts';
import { receive } from './http/received.ts';
import type { JsonObject } from './json.ts';
import { minuteOfDay, timeOfDay } from './istanbul.ts';
import { type Ledger, orderLedger } from './ledger/ledger.ts';
import { DEFAULT_SHAPE, mergeShape } from './shape.ts';
import type { World } from './world.ts';

export const CONTROL_PREFIX = '/_sandbox/';

type Control = (world: World, body: JsonObject) => unknown;

const CONTROLS: Record<string, Control> = {
  'GET health': () => ({ status: 'up' }),
  'GET log': (world) => world.journal.log,
  'GET stats': (world) => world.journal.stats,
  'GET clock': showClock,
  'POST clock': setClock,
  'DELETE clock': (world) => {
    world.clock.reset();
    return showClock(world);
  },
  'POST certificates': (world, { member, certificate }) => {
    registerCertificate(world, String(member), String(certificate));
    return { member };
  },
  'POST signing-key': (world, { key }) => {
    signWith(world, String(key));
    return {};
  },
  'DELETE tokens': (world) => {
    world.tokens.revokeAll();
    return {};
  },
  'GET hours': showHours,
  'POST hours': setHours,
  'GET shape': (world) => world.settings.shape,
  'POST shape': (world, changes) =>
    (world.settings.shape = mergeShape(world.settings.shape, changes)),
  'DELETE shape': (world) => (world.settings.shape = DEFAULT_SHAPE),
  'POST ledger': orderLedger,
  'GET faults': (world) => world.faults.armed(),
  'POST faults': (world, fault) => {
    // Names and services are checked as it is armed; a parameter of a wrong type is the caller's loss.
    world.faults.arm(fault as unknown as Fault);
    return world.faults.armed();
  },
  'DELETE faults': (world, { name }) => {
    world.faults.clear(textOrNone('name', name));
    return world.faults.armed();
  },
};

/** Answers a request under /_sandbox/, nearly always with JSON: 200, 400 for a senseless body, 404 for no such thing. */
export async function control(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const received = await receive(request);
  const name = `${received.method} ${received.path.slice(CONTROL_PREFIX.length)}`;
  const handler = CONTROLS[name];
  if (handler === undefined) return answer(response, 404, { error: `there is no ${name}` });
  if (received.method === 'POST' && received.payload === undefined) {
    return answer(response, 400, { error: 'the body has to be a JSON object' });
  }
  try {
    const told = handler(world, received.payload ?? {});
    if (name === 'POST ledger' && /\btext\/csv\b/.test(received.headers.accept ?? '')) {
      await sendCsv(response, (told as Ledger).bytes());
    } else {
      answer(response, 200, told);
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    answer(response, 400, { error: error.message });
  }
}

function showClock({ clock }: World): JsonObject {
  return { now: new Date(clock.now()).toISOString() };
}

/** `now` sets the time, `offsetSeconds` sets it so far from the system's, `advanceSeconds` moves it on. */
function setClock(world: World, { now, offsetSeconds, advanceSeconds }: JsonObject): JsonObject {
  const { clock } = world;
  if (typeof now === 'string') clock.set(now);
  else if (typeof offsetSeconds === 'number') clock.set(Date.now() + offsetSeconds * 1000);
  else if (typeof advanceSeconds === 'number') clock.advance(advanceSeconds);
  else throw new RangeError('now, offsetSeconds or advanceSeconds is needed');
  return showClock(world);
}

function showHours({ settings }: World): JsonObject {
  return { enforced: settings.hoursEnforced, opensAt: timeOfDay(settings.opensAtMinute) };
}

/** `enforced` keeps the hours, `opensAt` (HH:MM) opens so late each day; 00:00 ends the delay. */
function setHours(world: World, { enforced, opensAt }: JsonObject): JsonObject {
  if (enforced === undefined && opensAt === undefined) {
    throw new RangeError('enforced or opensAt is needed');
  }
  if (enforced !== undefined && typeof enforced !== 'boolean') {
    throw new RangeError('enforced must be true or false');
  }
  const time = textOrNone('opensAt', opensAt);
  const opensAtMinute = time === undefined ? undefined : minuteOfDay(time);
  if (enforced !== undefined) world.settings.hoursEnforced = enforced;
  if (opensAtMinute !== undefined) world.settings.opensAtMinute = opensAtMinute;
  return showHours(world);
}

function textOrNone(name: string, value: unknown): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  throw new RangeError(`${name} must be a text`);
}

async function sendCsv(response: ServerResponse, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  response.writeHead(200, { 'Content-Type': 'text/csv' });
  await pipeline(bytes, response);
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}
