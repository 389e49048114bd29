/**
 * One chain, from its first line to its end. It is only ever added to, and by one who writes: after a
 * failure nobody can say what of a batch is on disk, so the chain is left as it is and another begins.
 */
import { constants, statSync } from 'node:fs';
import { mkdir, open, rm, type FileHandle } from 'node:fs/promises';
import { toIstanbulDate, toIstanbulTimestamp } from '../lib/dates.ts';
import type { Clock } from '../lib/clock.ts';
import type { Act, OwnLine } from './act.ts';
import { NO_DIGEST, nextLine, type Head } from './line.ts';
import { newChain, pathOf, segmentName } from './segments.ts';
import { surveyChains, type SeenChain } from './survey.ts';

const { O_APPEND, O_CREAT, O_DSYNC, O_EXCL, O_WRONLY } = constants;
const MAX_SEGMENT_BYTES = 64 * 1024 * 1024;
/** What two lines of each of a crowd take. */
const MEMORY_BYTES = 128 * 1024;

/** Who writes: the first line of each segment says so. */
export interface Identity {
  version: string;
  host: string;
  /** The replica, by where it listens. */
  replica: string;
}

export interface Chain {
  readonly name: string;
  head(): Head;
  /** The file that is written now, by its name. */
  segment(): string;
  /**
   * Writes these lines with one write, as a rule, that is on disk when it returns, as by fdatasync.
   * @throws errors of the file system; then the chain has ended.
   */
  write(contents: readonly (Act | OwnLine)[]): Promise<void>;
  /** @throws when the file that is written is no longer the one in the folder. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Begins a chain.
 * @param why it does: `start`, or what ended the one before.
 * @throws errors of the file system.
 */
export async function beginChain(
  folder: string,
  identity: Identity,
  clock: Clock,
  why: { reason: string; unrecorded: number },
): Promise<Chain> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const earlier = await surveyChains(folder);
  const beganMs = clock.now();
  const name = newChain(beganMs);
  const lines = createLines();
  let file = await openSegment(folder, segmentName(name, 1, beganMs));

  // One write follows the other, so one memory serves all but the longest.
  const memory = Buffer.allocUnsafe(MEMORY_BYTES);
  async function put(text: string): Promise<void> {
    const length = Buffer.byteLength(text);
    const bytes = length <= MEMORY_BYTES ? memory : Buffer.allocUnsafe(length);
    bytes.write(text);
    for (let written = 0; written < length;) {
      const { bytesWritten } = await file.handle.write(bytes, written, length - written);
      written += bytesWritten;
    }
    file.bytes += length;
    checkFile(file);
  }
  async function nextSegment(nowMs: number): Promise<void> {
    const segment = file.segment + 1;
    const next = await openSegment(folder, segmentName(name, segment, nowMs), segment);
    await file.handle.close();
    file = next;
    await put(lines.next([{ action: 'segment.begun', chain: name, segment, ...identity }], nowMs));
  }
  try {
    const begun = { action: 'chain.begun', chain: name, segment: 1, ...identity, ...why } as const;
    await put(lines.next([{ ...begun, earlier: earlier.map(named) }], beganMs));
  } catch (error) {
    // Nothing stands in it that anybody was told of, and one would be left behind at every try.
    await rm(file.path, { force: true }).catch(() => undefined);
    await file.handle.close();
    throw error;
  }
  return {
    name,
    head: () => lines.head(),
    segment: () => file.name,
    async write(contents) {
      // One time for all of it: a segment holds the lines of its day alone.
      const nowMs = Math.max(lines.lastMs(), clock.now());
      const isOfToday = file.day === toIstanbulDate(nowMs);
      if (!isOfToday || file.bytes > MAX_SEGMENT_BYTES) await nextSegment(nowMs);
      await put(lines.next(contents, nowMs));
    },
    check: async () => checkFile(file),
    close: () => file.handle.close(),
  };
}

/** Numbers and links lines; a clock that was set back does not bring them out of order. */
function createLines() {
  let head: Head = { number: 0, digest: NO_DIGEST };
  let lastMs = 0;
  return {
    head: () => head,
    lastMs: () => lastMs,
    /** The text of the next lines. */
    next(contents: readonly (Act | OwnLine)[], nowMs: number): string {
      lastMs = Math.max(lastMs, nowMs);
      const time = toIstanbulTimestamp(lastMs);
      let text = '';
      for (const content of contents) {
        const line = nextLine(head, time, content);
        head = { number: line.number, digest: line.digest };
        text += line.text;
      }
      return text;
    },
  };
}

/** As values of a line: what is absent is left out. */
function named({ chain, number, digest, torn }: SeenChain) {
  return { chain, number, digest, ...(torn !== undefined && { torn: { ...torn } }) };
}

interface OpenSegment {
  name: string;
  path: string;
  day: string;
  segment: number;
  handle: FileHandle;
  inode: bigint;
  bytes: number;
}

async function openSegment(folder: string, name: string, segment = 1): Promise<OpenSegment> {
  const path = pathOf(folder, { name });
  // Each write is on disk when it returns: one call in place of a write and an fdatasync.
  const handle = await open(path, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_DSYNC, 0o600);
  try {
    const { ino } = await handle.stat({ bigint: true });
    await syncFolder(folder);
    return { name, path, day: name.slice(0, 8), segment, handle, inode: ino, bytes: 0 };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The name of a new file has to last as well as what is written under it. */
async function syncFolder(folder: string): Promise<void> {
  const directory = await open(folder);
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** A file that was removed or moved away takes bytes like any other: they would be nobody's. */
function checkFile({ path, inode }: OpenSegment): void {
  // Not by the thread pool: a few microseconds here, a turn of the event loop for all who wait there.
  const { ino } = statSync(path, { bigint: true });
  if (ino !== inode)
    throw Object.assign(new Error('another file is in its place'), { code: 'ESTALE' });
}
