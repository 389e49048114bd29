/**
 * A life's connection to Redis: each command is an event, one after the other, and may be the one at which the life dies,
 * stops for a while or loses its connection.
 */
import { EventEmitter } from 'node:events';
import type { Redis } from 'ioredis';
import { later } from './here.ts';
import type { Place } from './place.ts';
import { momentOf, type Server, type Told } from './redis.ts';

const LATENCY_MS = 4;
const CLOSED = new Error('Connection is closed.');

/** @param told takes what scripts have published and done. */
export function connect(place: Place, server: Server, told: Told): Redis {
  const { simulator, world, life, random } = place;
  let lastAt = 0;

  function execute(name: string, args: unknown[]): Promise<unknown> {
    if (name !== 'pipeline') return server.execute(name, args, simulator.now(), told);
    // The one pipeline looks for jobs, which are not in this Redis.
    const looks = args as [command: string, key: string][];
    return Promise.resolve(looks.map(([, key]) => [null, world.jobs.stored.has(key) ? 1 : 0]));
  }

  /** What becomes of a command. @throws Error where the connection broke. */
  async function become(name: string, args: unknown[]): Promise<unknown> {
    if (world.isAway()) throw CLOSED;
    const becomes = world.pass(place, momentOf(name, args));
    if (becomes === 'lost') throw CLOSED;
    const reply = await execute(name, args);
    world.passed(place);
    if (becomes === 'unanswered') throw CLOSED;
    return reply;
  }

  return connectionOf((name, args) => {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    lastAt = Math.max(lastAt, simulator.now() + random.below(LATENCY_MS));
    simulator.after(lastAt - simulator.now(), async () => {
      if (life.isDead) return;
      const settle = await become(name, args).then(
        (reply) => () => resolve(reply),
        (error: unknown) => () => reject(error),
      );
      if (life.isFrozen) later(place, 0, settle);
      else if (!life.isDead) settle();
    });
    return promise;
  });
}

/** As much of ioredis as the gateway uses. */
function connectionOf(command: (name: string, args: unknown[]) => Promise<unknown>): Redis {
  const events = new EventEmitter().setMaxListeners(0);
  const own: Record<string, unknown> = {
    status: 'ready',
    emit: events.emit.bind(events),
    on: events.on.bind(events),
    off: events.off.bind(events),
    once: events.once.bind(events),
    subscribe: () => Promise.resolve(1),
    pipeline: (commands: unknown[]) => ({ exec: () => command('pipeline', commands) }),
  };
  return new Proxy(own, {
    get: (target, name: string) =>
      // What is awaited must not look like a promise.
      name === 'then' || name in target
        ? target[name]
        : (...args: unknown[]) => command(name, args),
  }) as unknown as Redis;
}
