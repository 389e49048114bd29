/**
 * Lets go of what is older than the trail is kept, a segment at a time. What was cut is written down
 * first, with the digest of its last line, so that a proof can tell letting go from tampering.
 */
import { unlink } from 'node:fs/promises';
import type { Logger } from 'pino';
import { toIstanbulDate } from '../lib/dates.ts';
import type { Clock } from '../lib/clock.ts';
import { reasonOf } from './errors.ts';
import type { ChainKeeper } from './keeper.ts';
import { parseLine } from './line.ts';
import { listSegments, pathOf, readFirstLine, readSegmentEnd, type Segment } from './segments.ts';
import type { TrailWriter } from './writer.ts';

export interface Retention {
  /** Lets go of what is due. @throws TrailUnavailableError, errors of the file system. */
  letGo(): Promise<void>;
  close(): void;
}

interface RetentionDeps {
  folder: string;
  /** Whole days after the day of a segment; 0: for ever. */
  days: number;
  keeper: ChainKeeper;
  writer: TrailWriter;
  clock: Clock;
  log: Logger;
}

const DAY_MS = 86_400_000;
const LOOK_MS = 60 * 60_000;

export function createRetention({
  folder,
  days,
  keeper,
  writer,
  clock,
  log,
}: RetentionDeps): Retention {
  async function cut(segment: Segment): Promise<void> {
    const path = pathOf(folder, segment);
    try {
      const first = parseLine((await readFirstLine(path)) ?? '')?.number ?? 0;
      const { head = { number: 0, digest: '' } } = await readSegmentEnd(path);
      const { name: file, chain } = segment;
      const { number: last, digest } = head;
      await writer.append({ action: 'trail.cut', chain, file, first, last, digest });
      await unlink(path);
      log.info({ file }, 'a file of the access trail is older than it is kept, and was let go of');
    } catch (error) {
      // Another replica was quicker.
      if (reasonOf(error) !== 'ENOENT') throw error;
    }
  }

  async function letGo(): Promise<void> {
    if (days === 0) return;
    const firstKept = toIstanbulDate(clock.now() - days * DAY_MS);
    for (const segment of await listSegments(folder)) {
      const isWritten = segment.name === keeper.current()?.segment;
      if (segment.day < firstKept && !isWritten) await cut(segment);
    }
  }
  const look = (): void =>
    void letGo().catch((error: unknown) => {
      log.warn({ err: error }, 'old files of the access trail stay for another hour');
    });
  const looking = setInterval(look, LOOK_MS).unref();
  return { letGo, close: () => clearInterval(looking) };
}
