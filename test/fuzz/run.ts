/** Fuzzes one target for so long: what came of it, what it cost at most, what was wrong, what is new. */
import { collectGarbage } from '../support/garbage.ts';
import { watchPeak } from '../support/peak.ts';
import { createRandom } from '../support/random.ts';
import { readCorpus } from './corpus.ts';
import { mutated } from './mutate.ts';
import type { Target } from './target.ts';

export const MOST_MS = 200;
export const MOST_MIB = 128;
/** Tries between two looks at the memory. */
const TRIES_A_LOOK = 32;
/** After so many nothing more is learned. */
const MOST_FAILURES = 10;

export interface Failure {
  what: string;
  input: Buffer;
}

export interface Told {
  tries: number;
  outcomes: Map<string, number>;
  /**
   * The longest that a try held this thread, by CPU time: the event loop cannot have stood still for longer, and how
   * busy the machine is makes no difference.
   */
  mostMs: number;
  /** The most that memory rose during 32 tries above what was there after a collection. */
  mostMiB: number;
  failures: Failure[];
  /** Inputs that reached an outcome which neither seeds nor corpus reach, and which. */
  fresh: { outcome: string; input: Buffer }[];
}

/** @param seconds 0: the seeds and the corpus alone. */
export async function fuzz(target: Target, seed: number, seconds: number): Promise<Told> {
  const told: Told = {
    tries: 0,
    outcomes: new Map(),
    mostMs: 0,
    mostMiB: 0,
    failures: [],
    fresh: [],
  };
  const pool = [...(await target.seeds()), ...readCorpus(target.name).map(({ input }) => input)];
  // What is loaded and compiled once is no cost of an input.
  for (const input of pool) await target.attempt(input).catch(() => undefined);
  const look = createLook(told);

  async function tryOne(input: Buffer): Promise<string[]> {
    told.tries += 1;
    const { kinds, ms, error } = await attempt(target, input);
    told.mostMs = Math.max(told.mostMs, ms);
    if (error !== undefined) told.failures.push({ what: error, input });
    else if (ms > MOST_MS && (await attempt(target, input)).ms > MOST_MS)
      told.failures.push({ what: `held the thread for ${ms.toFixed(0)} ms`, input });
    look(input);
    const fresh = kinds.filter((kind) => !told.outcomes.has(kind));
    for (const kind of kinds) told.outcomes.set(kind, (told.outcomes.get(kind) ?? 0) + 1);
    return fresh;
  }

  for (const input of pool) await tryOne(input);
  const random = createRandom(seed);
  const end = performance.now() + 1_000 * seconds;
  while (performance.now() < end && told.failures.length < MOST_FAILURES) {
    const input = mutated(random, { pool, words: target.words });
    const [outcome] = await tryOne(input);
    if (outcome === undefined) continue;
    pool.push(input);
    told.fresh.push({ outcome, input });
  }
  look(Buffer.alloc(0), true);
  return told;
}

interface Attempt {
  kinds: readonly string[];
  ms: number;
  error?: string;
}

export async function attempt(target: Target, input: Buffer): Promise<Attempt> {
  const before = process.threadCpuUsage();
  const ms = (): number => {
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / 1_000;
  };
  try {
    return { kinds: await target.attempt(input), ms: ms() };
  } catch (error) {
    return {
      kinds: [],
      ms: ms(),
      error: error instanceof Error ? String(error.stack) : String(error),
    };
  }
}

/** @returns called after each try; it now and then looks how far the memory has risen. */
function createLook(told: Told): (input: Buffer, isLast?: boolean) => void {
  let left = 0;
  let grownMiB: (() => number) | undefined;
  return (input, isLast = false) => {
    if (left > 0 && !isLast) {
      left -= 1;
      return;
    }
    const grown = grownMiB?.() ?? 0;
    told.mostMiB = Math.max(told.mostMiB, grown);
    if (grown > MOST_MIB)
      told.failures.push({
        what: `one of ${TRIES_A_LOOK} inputs took ${grown.toFixed(0)} MiB`,
        input,
      });
    collectGarbage();
    grownMiB = watchPeak();
    left = TRIES_A_LOOK;
  };
}
