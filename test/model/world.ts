/**
 * One world: replicas of the gateway over one Redis and one MKS, with callers and with everything that befalls them, as
 * its schedule has it. At the end all is well for as long as it takes, so that whatever was accepted can come to its end.
 */
import type { Redis } from 'ioredis';
import type { OrderDay } from '../../src/orders/days.ts';
import { createRandom, type Random } from '../support/random.ts';
import { callerOf, operatorOf, senderOf } from './callers.ts';
import { connect } from './connection.ts';
import { createJobBoard } from './edges/bullmq.ts';
import { inPlace } from './here.ts';
import { createHistory, hasEnded } from './history.ts';
import type { Message, Place } from './place.ts';
import type { Server } from './redis.ts';
import { KEYS, orderOf, startReplica } from './replica.ts';
import type { Befalling, Schedule } from './schedule.ts';
import { createSimulator, type Life, type Simulator } from './simulator.ts';
import type { Replica, World } from './stage.ts';
import { createUpstream } from './upstream.ts';

/** From when all is well: the longest wait, that for the slot of a caller's message whose replica has died, and a sweep. */
const STANDSTILL_MS = 110_000;
const WATCH_MS = 5_000;
const LONGEST_MS = 30 * 60_000;
const WAKE_MS = 5;
const NOBODY_MS = 200;

/** Lets a schedule happen. @returns the world as it was left. */
export async function play(schedule: Schedule, server: Server): Promise<World> {
  await server.empty();
  const simulator = createSimulator(schedule.startMs);
  const lives = createLives(schedule, simulator, server);
  const { world } = lives;
  const { history } = world;
  const calmAt = schedule.startMs + schedule.calmAtMs;
  const live = () => [...history.reports.values()].filter((known) => !hasEnded(known));
  const order = orderOf(schedule);
  let isOrderDone = order === undefined;
  let callers = schedule.asks.length + schedule.ownMessages.length;

  /** Whether each member that somebody waits for is heard of at MKS, and the standing order's dates are there. */
  async function watch(): Promise<void> {
    for (const member of new Set(live().map(({ record }) => record.member))) {
      const heardAt = Math.max(calmAt, world.upstream.heard.get(member) ?? 0);
      // What one clock has put off, another may see due so much later.
      const longest = STANDSTILL_MS + 2 * schedule.skewMs;
      if (world.now() - heardAt > longest) history.mistakes.push(`${member} stands still`);
    }
    if (order === undefined) return;
    const days = await server.execute('hvals', [KEYS.orderDays(order.name)], 0, () => undefined);
    world.days = (days as string[]).map((day) => JSON.parse(day) as OrderDay);
    const done = world.days.filter(({ state }) => state === 'ready' || state === 'failed');
    isOrderDone = done.length > order.catchUpDays;
  }

  for (let n = 0; n < schedule.replicas; n += 1) lives.startWithin(2_000);
  simulator.after(schedule.calmAtMs + 1, watch, undefined, WATCH_MS);
  for (const pause of schedule.pauses) void operatorOf(world, pause);
  const people = [
    ...schedule.asks.map((ask) => callerOf(world, ask)),
    ...schedule.ownMessages.map((message) => senderOf(world, message)),
  ];
  for (const person of people) {
    void person.then(
      () => (callers -= 1),
      (error: unknown) => history.mistakes.push(`a caller was told: ${String(error)}`),
    );
  }
  await simulator.run(
    () =>
      history.mistakes.length > 0 ||
      world.now() > schedule.startMs + LONGEST_MS ||
      (world.now() >= calmAt && callers === 0 && isOrderDone && live().length === 0),
  );
  if (!isOrderDone) history.mistakes.push('the standing order is not done');
  if (callers > 0) history.mistakes.push(`${callers} callers wait for ever`);
  return world;
}

/** The world, and the replicas that live and die in it. */
function createLives(schedule: Schedule, simulator: Simulator, server: Server) {
  const random = createRandom(schedule.seed ^ 0x5eed);
  const calmAt = schedule.startMs + schedule.calmAtMs;
  const replicas = new Set<Replica>();
  const connections = new Map<Replica, Redis>();
  let started = 0;
  const world = createWorld(schedule, simulator, { random, replicas, befall });
  const { history } = world;

  async function start(): Promise<void> {
    const life: Life = { name: `replica ${(started += 1)}`, isDead: false, isFrozen: false };
    const place: Place = { world, life, simulator, random };
    const redis = connect(place, server, (published, facts) => {
      for (const fact of facts) history.fact(simulator.now(), fact);
      for (const message of published) wake(message);
    });
    const replica = await startReplica(place, redis, schedule, (mistake) =>
      history.mistakes.push(mistake),
    );
    connections.set(replica, redis);
    replicas.add(replica);
  }
  /** Each replica hears of a change, a little later. */
  function wake(message: string): void {
    for (const [replica, redis] of connections) {
      const hear = () => redis.emit('message', KEYS.wakeChannel, message);
      simulator.after(random.below(WAKE_MS), hear, replica.place.life);
    }
  }

  function befall(life: Life, { kind, ms }: Befalling): void {
    const againMs = Math.min(ms, calmAt - simulator.now());
    if (kind === 'frozen') {
      life.isFrozen = true;
      simulator.after(againMs, () => simulator.thaw(life));
      return;
    }
    // Nobody asks it any more.
    const replica = [...connections.keys()].find(({ place }) => place.life === life);
    const wasThere = replica !== undefined && replicas.delete(replica);
    if (kind === 'closed') {
      if (!wasThere) return;
      void inPlace(replica.place, () => replica.close()).then(replica.die, replica.die);
    } else {
      // It may have been closing, and another one have been started for it, or starting.
      life.isDead = true;
      replica?.die();
      if (replica !== undefined && !wasThere) return;
    }
    simulator.after(againMs, start);
  }
  return { world, startWithin: (ms: number) => void simulator.after(random.below(ms), start) };
}

function createWorld(
  schedule: Schedule,
  simulator: Simulator,
  lives: {
    random: Random;
    replicas: ReadonlySet<Replica>;
    befall: (life: Life, befalling: Befalling) => void;
  },
): World {
  const { random, replicas, befall } = lives;
  const now = (): number => simulator.now();
  const calmAt = schedule.startMs + schedule.calmAtMs;
  const isCalm = (): boolean => now() >= calmAt;
  const faultRate = (): number => (isCalm() ? 0 : schedule.faultRate);
  const upstream = createUpstream({ now, random, faultRate });
  const history = createHistory();
  const passes = new Map<string, number>();
  let befalls: Befalling | undefined;

  const world: World = {
    schedule,
    history,
    upstream,
    jobs: createJobBoard(),
    disk: new Map(),
    days: [],
    answers: [],
    now,
    isAway() {
      const ms = now() - schedule.startMs;
      const isIn = ({ atMs, ms: long }: Schedule['outages'][number]): boolean =>
        atMs <= ms && ms < atMs + long;
      return !isCalm() && schedule.outages.some(isIn);
    },
    pass({ life }, moment) {
      const counted = ['any', moment].map((name) => {
        passes.set(name, (passes.get(name) ?? 0) + 1);
        return `${name} ${passes.get(name)}`;
      });
      const found = schedule.troubles.find(({ at = 'any', n }) => counted.includes(`${at} ${n}`));
      befalls = isCalm() ? undefined : found;
      if (befalls === undefined) return 'done';
      const { kind } = befalls;
      history.befell(kind);
      history.note(now(), `${kind} ${life.name} at ${counted.join()}`);
      if (kind === 'killed-before') befall(life, befalls);
      if (kind === 'killed-before' || kind === 'lost') return 'lost';
      return kind === 'unanswered' ? 'unanswered' : 'done';
    },
    passed({ life }) {
      const found = befalls;
      befalls = undefined;
      if (found !== undefined && AFTERWARDS.has(found.kind)) befall(life, found);
    },
    way: () => upstream.way(),
    receive(message) {
      const answer = upstream.receive(message);
      history.note(now(), textOf(message, answer?.body));
      return answer;
    },
    delivered: ({ reference }) => void world.answers.push({ reference, at: now() }),
    sleep: (ms) => new Promise((resolve) => void simulator.after(ms, resolve)),
    async someReplica() {
      while (replicas.size === 0) await world.sleep(NOBODY_MS);
      return random.pick([...replicas]);
    },
    inside: ({ place }, use) => inPlace(place, use),
  };
  return world;
}

const AFTERWARDS: ReadonlySet<Befalling['kind']> = new Set(['killed-after', 'closed', 'frozen']);

/** For the trace: who says what, and what MKS says to it. */
function textOf({ member, service, reference }: Message, body = 'nothing'): string {
  const [, payload] = body.startsWith('ey') ? body.split('.') : [];
  const answer = payload === undefined ? body : Buffer.from(payload, 'base64url').toString();
  return `${member} ${service} ${reference} → ${answer.replaceAll('\n', ' ')}`;
}
