/**
 * Has each checkpoint stamped by an authority of the operator's choice (RFC 3161), and writes the stamp
 * into the trail. It stands in nobody's way: a server that is away is asked again, and meanwhile what waits
 * is told. The trail itself is the list of what waits, so nothing is lost with the process.
 */
import type { Logger } from 'pino';
import { toIstanbulDate, toIstanbulTimestamp } from '../../lib/dates.ts';
import type { Clock } from '../../lib/clock.ts';
import { settledWithin } from '../../lib/within.ts';
import type { TrailWriter } from '../writer.ts';
import type { StampSource } from './ask.ts';
import { checkpointId, findUnstamped } from './unstamped.ts';

export type { StampSource } from './ask.ts';

export interface Stamps {
  /** Has a checkpoint stamped, soon. */
  add(jws: string): void;
  /** How many checkpoints wait for their stamp. */
  waiting(): number;
  /** Gives what waits `timeoutMs`; the rest is the next start's. */
  close(timeoutMs: number): Promise<void>;
}

interface StampDeps {
  folder: string;
  source: StampSource;
  writer: TrailWriter;
  clock: Clock;
  log: Logger;
}

const LOOK_MS = 60_000;
/** After a failure. */
const RETRY_MS = 5 * 60_000;
/** What a process before this one has left without a stamp is looked for so many days back. */
const LOOK_BACK_DAYS = 7;
const DAY_MS = 86_400_000;

/** Makes up what earlier ones have left, then waits for checkpoints. */
export function createStamps({ folder, source, writer, clock, log }: StampDeps): Stamps {
  const waiting = new Map<string, string>();
  const closing = new AbortController();
  let failedAt: number | undefined;
  let working: Promise<void> | undefined;

  async function workOff(): Promise<void> {
    try {
      for (const [id, jws] of waiting) {
        await stamp({ source, writer, log }, id, jws, closing.signal);
        waiting.delete(id);
      }
      if (failedAt !== undefined) log.info('checkpoints of the access trail are stamped again');
      failedAt = undefined;
    } catch (error) {
      if (closing.signal.aborted) return;
      // Once for each time that it goes away; the metric tells the rest.
      const level = failedAt === undefined ? 'warn' : 'debug';
      failedAt = clock.elapsedMs();
      log[level](
        { err: error, waiting: waiting.size },
        'a checkpoint of the access trail could not be stamped yet',
      );
    }
  }
  function work(): void {
    working ??= workOff().finally(() => (working = undefined));
  }
  async function makeUp(): Promise<void> {
    const since = toIstanbulDate(clock.now() - LOOK_BACK_DAYS * DAY_MS);
    try {
      for (const jws of await findUnstamped(folder, since)) waiting.set(checkpointId(jws), jws);
    } catch (error) {
      log.warn({ err: error }, 'checkpoints without a time stamp could not be looked for');
    }
    if (waiting.size > 0) work();
  }
  const looking = setInterval(() => {
    const isDue = failedAt === undefined || clock.elapsedMs() - failedAt >= RETRY_MS;
    if (waiting.size > 0 && isDue) work();
  }, LOOK_MS).unref();
  const makingUp = makeUp();

  return {
    add(jws) {
      waiting.set(checkpointId(jws), jws);
      work();
    },
    waiting: () => waiting.size,
    async close(timeoutMs) {
      clearInterval(looking);
      await settledWithin(
        timeoutMs,
        makingUp.then(() => working),
      );
      closing.abort();
      await settledWithin(timeoutMs, working);
      if (waiting.size === 0) return;
      log.warn({ waiting: waiting.size }, 'the next start has these checkpoints stamped');
    },
  };
}

/** @throws what asking and writing fail with; then it has no stamp. */
async function stamp(
  { source, writer, log }: Pick<StampDeps, 'source' | 'writer' | 'log'>,
  id: string,
  jws: string,
  signal: AbortSignal,
): Promise<void> {
  // Loaded where it is used: it would make a start longer, and most have no server.
  const { askStamp } = await import('./ask.ts');
  const { token: bytes, authority, time: at } = await askStamp(source, Buffer.from(jws), signal);
  const token = bytes.toString('base64');
  await writer.append({ action: 'checkpoint.stamped', checkpoint: id, token });
  const time = toIstanbulTimestamp(at);
  log.info({ checkpoint: id, authority, time, stamp: token }, 'a checkpoint has its time stamp');
}
