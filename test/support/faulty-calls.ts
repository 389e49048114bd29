/** Calls through a wire that breaks, and what their callers are told beside what the upstream knows. */
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLimiter, type Limiter } from '../../src/lib/limiter.ts';
import { MksError } from '../../src/mks/errors.ts';
import { StateUnavailableError } from '../../src/state/errors.ts';
import type { Mks } from '../../src/mks/types.ts';
import { mkk, setUpMks, STATUS } from './mks.ts';
import { createRandom, type Random } from './random.ts';
import { jws, message, type Answer, type Received } from './upstream.ts';

export interface FaultyCalls {
  /** Sendings, those under the same reference again among them. */
  sendings: number;
  /** How often each fault struck. */
  struck: Record<string, number>;
  /** How often callers were told each thing. */
  told: Record<string, number>;
  /** References tried before the deadline of a sending of unknown outcome, and refused as they have to be. */
  tooEarly: number;
  /** References that were answered with a messageId, each tried once more. */
  usedUp: number;
  wrong: string[];
}

type Options = Parameters<typeof setUpMks>;

/** Shorter than anybody would have it, and more than a busy machine needs. */
const DEADLINE_MS = 3_000;
const SHARE = 0.3;
/** Most of them wait for a deadline. */
const CALLERS = 400;
const AT_ONCE = 40;
const SENDINGS_MAX = 3;
const REDIS_AWAY_MS = 100;
/** What still lies before the upstream at a deadline is taken for what it was by then. */
const LATE_MS = 200;

/** What becomes of a message that has come, besides a whole answer; a fifth strikes before it comes. */
const FAULTS: Readonly<Record<string, (response: ServerResponse, answer: string) => void>> = {
  'reset after receipt': ({ socket }) => void socket?.resetAndDestroy(),
  'lost reply': ({ socket }) => void socket?.end(),
  'reset in the reply': (response, answer) => {
    response.writeHead(200, { 'content-length': answer.length });
    response.write(answer.slice(0, 40), () => response.socket?.resetAndDestroy());
  },
  drip: (response, answer) => {
    response.writeHead(200, { 'content-length': answer.length });
    let at = 0;
    const timer = setInterval(() => response.write(answer.charAt(at++)), 50);
    response.on('close', () => clearInterval(timer));
  },
};

/** What the upstream has seen of a reference. */
interface Seen {
  times: number;
  /** Whole answers that left it. */
  answers: number;
}

interface Stage {
  replicas: readonly Mks[];
  limit: Limiter;
  seen: Map<string, Seen>;
  random: Random;
  result: FaultyCalls;
}

/**
 * Makes so many calls of two replicas, three in ten of their sendings broken. What is of unknown outcome is sent again
 * under its reference once its deadline has passed, and not before; what was answered is not sent again.
 */
export async function callThroughFaults(
  t: Options[0],
  redis: Options[1]['redis'],
  calls: number,
  seed: number,
): Promise<FaultyCalls> {
  const random = createRandom(seed);
  const result: FaultyCalls = {
    sendings: 0,
    struck: {},
    told: {},
    tooEarly: 0,
    usedUp: 0,
    wrong: [],
  };
  const setting = await setUpMks(t, { redis, config: { requestTimeoutMs: DEADLINE_MS } });
  await setting.mks.call(STATUS);
  const stage: Stage = {
    replicas: [setting.mks, await setting.replica()],
    limit: createLimiter(AT_ONCE),
    seen: breakWire(setting.upstream, random, result),
    random,
    result,
  };
  const queue = Array.from({ length: calls }, (_, at) => at);
  const work = async (): Promise<void> => {
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      await callOnce(stage, at);
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, work));
  return result;
}

function breakWire(
  upstream: Awaited<ReturnType<typeof setUpMks>>['upstream'],
  random: Random,
  { struck }: FaultyCalls,
): Map<string, Seen> {
  const seen = new Map<string, Seen>();
  const count = (name: string): number => (struck[name] = (struck[name] ?? 0) + 1);
  const shareBefore = SHARE / (Object.keys(FAULTS).length + 1);
  upstream.onConnection = (socket: Socket) => {
    if (!random.chance(shareBefore)) return;
    count('reset before receipt');
    socket.resetAndDestroy();
  };
  upstream.onCall = (received: Received): Answer => {
    const before = seen.get(received.senderReference) ?? { times: 0, answers: 0 };
    const now = { ...before, times: before.times + 1 };
    seen.set(received.senderReference, now);
    // MKS has it already, though its answer was lost: RP045.
    const payload = before.times === 0 ? message(received) : message(received, 'RP045');
    const answer = jws(payload, mkk.privateKey);
    if (random.chance((SHARE - shareBefore) / (1 - shareBefore))) {
      const name = random.pick(Object.keys(FAULTS));
      count(name);
      return (response) => FAULTS[name]?.(response, answer);
    }
    now.answers += 1;
    return { body: answer };
  };
  return seen;
}

async function callOnce(stage: Stage, at: number): Promise<void> {
  const { seen, result } = stage;
  const request = { ...STATUS, body: { refId: `call${at}` } };
  let again: Again | undefined;
  for (let sending = 0; sending < SENDINGS_MAX; sending += 1) {
    const before = seenOf(seen, again?.senderReference);
    const told = await send(stage, again ?? request);
    const after = seenOf(seen, told.reference);
    result.sendings += 1;
    result.told[told.kind] = (result.told[told.kind] ?? 0) + 1;
    const label = `call ${at}, sending ${sending}: ${told.kind}`;
    if (!kindsFor(before, after).includes(told.kind))
      result.wrong.push(`${label} of ${JSON.stringify([before, after])}`);
    if (again !== undefined && told.reference !== again.senderReference)
      result.wrong.push(`${label}, of another reference`);
    if (told.reference === '') continue;
    again = { ...request, senderReference: told.reference };
    if (told.kind === 'answered') return usedUp(stage, again);
    if (told.kind === 'unknown' && (await tooEarly(stage, again, told))) return;
  }
}

/** Calls by one of the replicas. Whoever comes too early is told when, and comes then. */
async function send(stage: Stage, request: Parameters<Mks['call']>[0]): Promise<Told> {
  for (;;) {
    const told = await call(stage, request);
    if (told.kind !== 'conflict' || told.retryAfterMs === 0) return told;
    await sleep(told.retryAfterMs);
  }
}

async function call(stage: Stage, request: Parameters<Mks['call']>[0]): Promise<Told> {
  const { replicas, random, limit } = stage;
  try {
    return await limit(() => toldOf(random.pick(replicas).call(request)));
  } catch (error) {
    // Redis is no part of this; on a busy machine it may be late, and then nothing was sent.
    if (!(error instanceof StateUnavailableError)) throw error;
    await sleep(REDIS_AWAY_MS);
    return call(stage, request);
  }
}

function seenOf(seen: Map<string, Seen>, reference = ''): Seen {
  return seen.get(reference) ?? { times: 0, answers: 0 };
}

/** What a caller may be told of a sending. Nothing is ever refused here, and what came is never said not to have. */
function kindsFor(before: Seen, after: Seen): readonly string[] {
  // A busy machine may be late for a whole answer.
  if (after.answers > before.answers) return ['answered', 'unknown'];
  return after.times > before.times ? ['unknown'] : ['unknown', 'not-sent'];
}

interface Told {
  kind: string;
  reference: string;
  /** Wall ms of the end of a sending whose outcome is not known. */
  deadline: number;
  /** Of a conflict that ends by itself. */
  retryAfterMs: number;
}

async function toldOf(calling: Promise<{ senderReference: string }>): Promise<Told> {
  try {
    const { senderReference: reference } = await calling;
    return { kind: 'answered', reference, deadline: 0, retryAfterMs: 0 };
  } catch (error) {
    if (!(error instanceof MksError)) throw error;
    const { senderReference: reference = '', deadline = 0, retryAfterMs = 0 } = error.details;
    const kind = error.code === 'conflict' ? 'conflict' : error.outcome;
    return { kind, reference, deadline, retryAfterMs };
  }
}

type Again = Parameters<Mks['call']>[0] & { senderReference: string };

/**
 * While a sending may still be under way, its reference is not sent again; then its deadline is waited for.
 * @returns whether it left again after all: on a busy machine the try itself may come after the deadline.
 */
async function tooEarly(stage: Stage, again: Again, { deadline }: Told): Promise<boolean> {
  const { replicas, random, result } = stage;
  let hasLeft = false;
  if (deadline - Date.now() > DEADLINE_MS / 2) {
    // Without a place in the line, where it would get late.
    const told = await toldOf(random.pick(replicas).call(again)).catch(ifStateUnavailable);
    hasLeft = told !== undefined && told.kind !== 'conflict';
    if (told?.kind === 'conflict') result.tooEarly += 1;
    else if (hasLeft && Date.now() < deadline)
      result.wrong.push(`${told?.kind} before the deadline`);
  }
  await sleep(Math.max(0, deadline - Date.now()) + LATE_MS);
  return hasLeft;
}

function ifStateUnavailable(error: unknown): undefined {
  if (!(error instanceof StateUnavailableError)) throw error;
}

/** What was answered with a messageId does not leave again, whichever replica is asked. */
async function usedUp(stage: Stage, again: Again): Promise<void> {
  const { seen, result } = stage;
  const before = seenOf(seen, again.senderReference).times;
  const { kind } = await call(stage, again);
  const after = seenOf(seen, again.senderReference).times;
  result.usedUp += 1;
  if (kind !== 'conflict' || after !== before)
    result.wrong.push(`${again.senderReference} after its messageId: ${kind}, seen ${after} times`);
}
