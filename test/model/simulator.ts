/**
 * Time that passes from one event to the next, and nobody waits: what a seed has drawn happens in the same order again.
 *
 * After each event everything runs on until it waits for another one. What is tried does nothing but in promises between
 * two events (its Redis, its timers, MKS and the disk are events), so an empty queue of microtasks says that it rests.
 */

/** A process of the gateway, from its start to its death; what belongs to it happens only while it lives. */
export interface Life {
  readonly name: string;
  isDead: boolean;
  /** Stopped for a while, as by a hypervisor: what is due meanwhile happens when it goes on. */
  isFrozen: boolean;
}

export interface Simulated {
  at: number;
  /** When it comes again, in milliseconds after it came. */
  readonly everyMs?: number;
  readonly owner?: Life;
  isOff: boolean;
  run: () => unknown;
}

export interface Simulator {
  /** Milliseconds since the epoch. */
  now(): number;
  after(ms: number, run: () => unknown, owner?: Life, everyMs?: number): Simulated;
  /** What a frozen life has missed comes now. */
  thaw(life: Life): void;
  /** Lets events happen until it is over. @throws what an event throws. */
  run(isOver: () => boolean): Promise<void>;
}

export function createSimulator(startMs: number): Simulator {
  let now = startMs;
  let held: Simulated[] = [];
  const due: Simulated[] = [];

  /** Behind all that are due at the same time: the list is searched from its end, where the next events lie. */
  function add(event: Simulated): Simulated {
    let place = due.length;
    while (place > 0 && (due[place - 1]?.at ?? 0) <= event.at) place -= 1;
    due.splice(place, 0, event);
    return event;
  }

  return {
    now: () => now,
    after(ms, run, owner, everyMs) {
      const event: Simulated = { at: now + Math.max(0, ms), isOff: false, run };
      return add(Object.assign(event, owner && { owner }, everyMs && { everyMs }));
    },
    thaw(life) {
      life.isFrozen = false;
      const [its, others] = [[] as Simulated[], [] as Simulated[]];
      for (const event of held) (event.owner === life ? its : others).push(event);
      held = others;
      for (const event of its) add(Object.assign(event, { at: now }));
    },
    async run(isOver) {
      for (let event = due.pop(); event !== undefined; event = due.pop()) {
        if (event.isOff || event.owner?.isDead === true) continue;
        if (event.owner?.isFrozen === true) {
          held.push(event);
          continue;
        }
        now = event.at;
        if (event.everyMs !== undefined) add(Object.assign(event, { at: now + event.everyMs }));
        await event.run();
        await rest();
        if (isOver()) return;
      }
    },
  };
}

/** A tick comes when no microtask is left; the second one is for ticks that the first ones have made. */
async function rest(): Promise<void> {
  for (let tick = 0; tick < 2; tick += 1)
    await new Promise<void>((resolve) => process.nextTick(resolve));
}
