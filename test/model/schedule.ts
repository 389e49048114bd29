/** What happens in one world, drawn from a seed: small, so that ten thousand of them can be tried. */
import { createRandom, type Random } from '../support/random.ts';

export const MEMBERS = ['TIB', 'ABC'];
const CLIENTS = ['risk', 'treasury', 'audit'];
const DATES = ['20250502', '20250505', '20250506'];
const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
/** Tuesday, 6 May 2025, 10:15 in Istanbul. */
const START_MS = Date.UTC(2025, 4, 6, 7, 15);
const START_MINUTE = 10 * 60 + 15;

/** What may befall a process at one of its commands or messages. */
export type Trouble =
  'killed-before' | 'killed-after' | 'frozen' | 'closed' | 'lost' | 'unanswered';
const TROUBLES: Trouble[] = [
  ...(['killed-before', 'killed-before', 'killed-after', 'killed-after', 'frozen'] as const),
  ...(['closed', 'lost', 'unanswered', 'unanswered'] as const),
];

/** At which command or message; the n-th of its kind in this world. */
export interface Befalling {
  kind: Trouble;
  /** Of which kind; any, unless said. */
  at?: string;
  n: number;
  ms: number;
}

/** Where a death does most: names of scripts, and `message` for what goes to MKS. */
const MOMENTS = [
  'admit',
  'grant',
  'claim',
  'update',
  'issueReference',
  'settleReference',
  'requeue',
  'message',
  'message',
  'message',
];

export interface Ask {
  atMs: number;
  client: string;
  member: string;
  processDate: string;
  isin?: string;
  refresh: boolean;
  idempotencyKey?: string;
  acceptOutsideHours: boolean;
  /** What the caller does once it is accepted. */
  afterwards: 'wait' | 'withdraw' | 'withdraw-in-doubt' | 'leave';
  afterMs: number;
}

/** A caller's own balance-report. */
export interface OwnMessage {
  atMs: number;
  client: string;
  member: string;
  zipPassword: string;
  /** Between two tries. */
  pauseMs: number;
  /** Sends it under the same reference once more, whatever it was told. */
  insists: boolean;
}

export interface Schedule {
  seed: number;
  startMs: number;
  replicas: number;
  /** Group 1 of MKS's services: closed for some minutes, or never. */
  window: { startMinute: number; endMinute: number };
  retentionMs: number;
  requestTimeoutMs: number;
  /** How far a replica's wall clock is off at most, either way. */
  skewMs: number;
  /** Until when anything goes wrong. */
  calmAtMs: number;
  /** Of messages to MKS. */
  faultRate: number;
  troubles: Befalling[];
  /** Redis away for everybody. */
  outages: { atMs: number; ms: number }[];
  pauses: { member: string; atMs: number; ms: number }[];
  asks: Ask[];
  ownMessages: OwnMessage[];
  /** `HH:MM` of a standing order of the first member's, for yesterday and the day before. */
  orderAt?: string;
}

export function drawSchedule(seed: number): Schedule {
  const random = createRandom(seed);
  const within = (ms: number): number => random.below(ms);
  const troubledMs = 20 * SECOND_MS + within(70 * SECOND_MS);
  const closes = random.chance(0.25);
  const closesIn = 1;
  const opensIn = closesIn + 1 + random.below(2);
  const skewMs = random.chance(0.5) ? 30 * SECOND_MS : 0;
  const calmAtMs = Math.max(troubledMs, closes ? opensIn * MINUTE_MS + skewMs : 0) + 5 * SECOND_MS;
  const some = <T>(most: number, make: () => T): T[] =>
    Array.from({ length: random.below(most + 1) }, make);
  const span = (longest: number) => ({ atMs: within(troubledMs), ms: 200 + within(longest) });
  return {
    seed,
    startMs: START_MS + within(SECOND_MS),
    replicas: 1 + random.below(3),
    window: closes
      ? { startMinute: START_MINUTE + opensIn, endMinute: START_MINUTE + closesIn }
      : { startMinute: 0, endMinute: 1440 },
    retentionMs: random.chance(0.15) ? calmAtMs + within(MINUTE_MS) : 60 * MINUTE_MS,
    // Shorter than the lock of a job, and longer.
    requestTimeoutMs: random.pick([8, 20, 20]) * SECOND_MS,
    skewMs,
    calmAtMs,
    faultRate: random.pick([0, 0.02, 0.1, 0.25]),
    troubles: [...some(6, () => drawTrouble(random)), ...drawRareTrouble(random)],
    outages: random.chance(0.3) ? some(2, () => span(random.pick([1_000, 18_000]))) : [],
    pauses: random.chance(0.2)
      ? some(1, () => ({ member: random.pick(MEMBERS), ...span(troubledMs / 2) }))
      : [],
    asks: Array.from({ length: 3 + random.below(6) }, (_, n) => drawAsk(random, n, troubledMs)),
    ownMessages: random.chance(0.5) ? some(3, () => drawOwnMessage(random, troubledMs)) : [],
    ...(random.chance(0.1) && { orderAt: '10:16' }),
  };
}

/** A report seldom starts over, so a death at that moment has to be meant. */
function drawRareTrouble(random: Random): Befalling[] {
  if (!random.chance(0.3)) return [];
  return [{ kind: 'killed-after', at: 'requeue', n: 1, ms: 500 + random.below(20 * SECOND_MS) }];
}

function drawTrouble(random: Random): Befalling {
  const kind = random.pick(TROUBLES);
  // A freeze has to outlast the lock of a job, and what another replica does meanwhile.
  const ms = 500 + random.below((kind === 'frozen' ? 60 : 20) * SECOND_MS);
  return random.chance(0.3)
    ? { kind, ms, n: 5 + random.below(250) }
    : { kind, ms, at: random.pick(MOMENTS), n: 1 + random.below(random.pick([2, 6, 25])) };
}

function drawAsk(random: Random, n: number, troubledMs: number): Ask {
  // Half of them at once, so that there is a queue.
  const atMs = random.below(random.chance(0.5) ? 500 : troubledMs);
  const isNamed = random.chance(0.4);
  const refresh = random.chance(0.3);
  // One that joins none is known by its isin, when it has a key.
  const isOnly = isNamed && refresh;
  const isin = isOnly ? `TRAONLY9100${n}` : `TRAGARAN91N${random.below(6)}`;
  return {
    atMs,
    client: random.pick(CLIENTS),
    member: random.chance(0.8) ? 'TIB' : random.pick(MEMBERS),
    processDate: random.pick(DATES),
    ...((isOnly || random.chance(0.7)) && { isin }),
    refresh,
    ...(isNamed && { idempotencyKey: `key-${n}` }),
    acceptOutsideHours: random.chance(0.8),
    afterwards: random.pick(['wait', 'leave', 'withdraw', 'withdraw-in-doubt'] as const),
    afterMs: random.below(random.pick([200, 20 * SECOND_MS])),
  };
}

function drawOwnMessage(random: Random, troubledMs: number): OwnMessage {
  return {
    atMs: random.below(troubledMs),
    client: random.pick(CLIENTS),
    member: random.pick(MEMBERS),
    zipPassword: `Own${random.below(1_000_000)}Password`,
    pauseMs: random.pick([1, 20]) * SECOND_MS,
    insists: random.chance(0.5),
  };
}
