/**
 * Where code runs: in which life of which world. Timers, clocks and chance of Node are those of that world there, and
 * Node's own everywhere else. Imported before anything that is tried.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';
import type { Random } from '../support/random.ts';
import type { Place } from './place.ts';
import type { Simulated } from './simulator.ts';

const places = new AsyncLocalStorage<Place>();
const present = (): Place | undefined => places.getStore();

/** Runs it as a part of a life. */
export function inPlace<T>(place: Place, run: () => T): T {
  return places.run(place, run);
}

/** @throws Error outside of every life. */
export function here(): Place {
  const place = present();
  if (place === undefined) throw new Error('nobody lives here');
  return place;
}

/** What happens after so many milliseconds, unless its life is over by then. */
export function later({ simulator, life }: Place, ms: number, run: () => unknown): Simulated {
  return simulator.after(ms, run, life);
}

/** Sleeps in the life that it is called in. */
export function pauseHere(ms: number): Promise<void> {
  const place = here();
  return new Promise((resolve) => void later(place, ms, resolve));
}

type Timer = Simulated & { unref(): Timer; ref(): Timer; hasRef(): boolean };

function timer(event: Simulated): Timer {
  const made: Timer = Object.assign(event, {
    unref: () => made,
    ref: () => made,
    hasRef: () => false,
  });
  return made;
}

/** The function itself where nobody lives, and what the world has for it everywhere else. */
function simulate(
  name: 'setTimeout' | 'setInterval' | 'setImmediate',
  make: (place: Place, run: () => void, ms: number) => Simulated,
): void {
  const own = globalThis[name] as (...all: unknown[]) => unknown;
  const simulated = (run: (...all: unknown[]) => void, ms?: number, ...rest: unknown[]) => {
    const place = present();
    if (place === undefined) return own(run, ms, ...rest);
    const called = AsyncLocalStorage.bind(() => run(...rest));
    return timer(make(place, called, ms ?? 0));
  };
  Object.assign(globalThis, { [name]: simulated });
}

function simulateTimers(): void {
  simulate('setTimeout', (place, run, ms) => later(place, ms, run));
  simulate('setImmediate', (place, run) => later(place, 0, run));
  simulate('setInterval', ({ simulator, life }, run, ms) => simulator.after(ms, run, life, ms));
  for (const name of ['clearTimeout', 'clearInterval', 'clearImmediate'] as const) {
    const own = globalThis[name] as (given: unknown) => void;
    const clear = (given: unknown): void => {
      if (typeof given === 'object' && given !== null && 'isOff' in given) given.isOff = true;
      else own(given);
    };
    Object.assign(globalThis, { [name]: clear });
  }
  simulatePauses();
}

/** The same of `node:timers/promises`: what is left out there happens in real time, and no schedule happens again. */
function simulatePauses(): void {
  const sleep = timers.setTimeout as (...all: unknown[]) => Promise<unknown>;
  const turn = timers.setImmediate as (...all: unknown[]) => Promise<unknown>;
  type Options = { signal?: AbortSignal };
  const simulatedSleep = (ms = 0, value?: unknown, options: Options = {}) => {
    const place = present();
    return place === undefined ? sleep(ms, value, options) : sleepIn(place, ms, value, options);
  };
  const simulatedTurn = (value?: unknown, options: Options = {}) => {
    const place = present();
    return place === undefined ? turn(value, options) : sleepIn(place, 0, value, options);
  };
  Object.assign(timers, { setTimeout: simulatedSleep, setImmediate: simulatedTurn });
}

function sleepIn(place: Place, ms: number, value: unknown, { signal }: { signal?: AbortSignal }) {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      event.isOff = true;
      reject(new DOMException('The operation was aborted', 'AbortError'));
    };
    const event = later(place, ms, () => {
      signal?.removeEventListener('abort', giveUp);
      resolve(value);
    });
    if (signal?.aborted === true) giveUp();
    else signal?.addEventListener('abort', giveUp, { once: true });
  });
}

function simulateClocks(): void {
  const [wall, elapsed] = [Date.now, performance.now.bind(performance)];
  Date.now = () => present()?.simulator.now() ?? wall();
  performance.now = () => present()?.simulator.now() ?? elapsed();
}

function simulateChance(): void {
  const { randomUUID, randomBytes, randomInt } = crypto;
  const chance = Math.random;
  const bytes = (random: Random, size: number): Buffer =>
    Buffer.from(Array.from({ length: size }, () => random.below(256)));
  Math.random = () => present()?.random.next() ?? chance();
  Object.assign(crypto, {
    randomUUID() {
      const random = present()?.random;
      if (random === undefined) return randomUUID();
      return bytes(random, 16)
        .toString('hex')
        .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    },
    randomBytes(size: number) {
      const random = present()?.random;
      return random === undefined ? randomBytes(size) : bytes(random, size);
    },
    randomInt(end: number) {
      return present()?.random.below(end) ?? randomInt(end);
    },
  });
}

simulateTimers();
simulateClocks();
simulateChance();
syncBuiltinESMExports();
