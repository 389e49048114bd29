/** Takes a ledger as it comes, has a thread read or check it, and gives what is written of that. */
import { createHash } from 'node:crypto';
import type { CheckProfile } from '../lib/check-profile.ts';
import { defined } from '../lib/defined.ts';
import { createFairTurns } from '../lib/fair-turns.ts';
import { releasing } from '../lib/release.ts';
import { createRest, resting } from '../lib/rest.ts';
import { createThreads } from '../lib/threads.ts';
import { TooManyReadersError } from '../reports/errors.ts';
import type { Checked, CheckTask } from './check.ts';
import { LedgerTooLargeError } from './ledger-errors.ts';
import { LEDGER_MAX_BYTES, type ReceivedLedger } from './received-ledger.ts';
import { doneOf, type Reply } from './replies.ts';
import {
  closeScratch,
  createPatientScratchWriter,
  openScratch,
  readPiecesPatiently,
  type Scratch,
} from './scratch.ts';

const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 256 };
/** As for changes; but a request has to be there as a whole in 30 s, so its body cannot wait for long. */
const TURNS = { places: 4, placesOfOne: 2, waitMs: 10_000, mayRestMs: 5_000 };

const PIECE_BYTES = 256 * 1024;

export interface Reader {
  /** Who asks. */
  client: string;
  /** Aborted when nobody reads any more. */
  signal: AbortSignal;
  /** Breaks the answer: its reader rests while others wait for the turn. */
  letGo: () => void;
}

export interface LedgerAsked extends Reader {
  /** The ledger's bytes as they come. */
  body: AsyncIterable<Uint8Array>;
  /** How many they will be, as far as it was said. */
  announcedBytes?: number;
  /** Of an archive as MKS makes it, with one csv: what opens it. */
  zipPassword?: string;
  /** How it is read, where not as MKS writes. */
  profile?: CheckProfile;
}

/**
 * @param prepare what the thread is to do with the ledger; asked when the ledger is there.
 * @param write the document of what the thread has found. It is told the ledger's SHA-256 (hex), and the breaks as
 *   the thread has left them.
 * @throws LedgerError, LedgerTooLargeError, SpoolDamagedError, StorageFullError, TooManyReadersError and what both
 *   throw, all before the first piece.
 */
export type RunLedger = (
  asked: LedgerAsked,
  prepare: () => Promise<Pick<CheckTask, 'rows' | 'rowCount' | 'tolerance' | 'dryRun' | 'keep'>>,
  write: (checked: Checked, sha256: string, lines: AsyncIterable<Buffer>) => Promise<Pieces>,
) => AsyncGenerator<Buffer>;

type Pieces = Iterable<Buffer> | AsyncIterable<Buffer>;

/** @param folder for what does not fit into memory; made when it is missing. */
export function createLedgerRunner(folder: string): RunLedger {
  const threads = createThreads(new URL('thread.ts', import.meta.url), RESOURCE_LIMITS);
  const turns = createFairTurns({ ...TURNS, tooLong: () => new TooManyReadersError() });

  return async function* run(
    { body, announcedBytes = 0, zipPassword, profile, client, signal, letGo },
    prepare,
    write,
  ): AsyncGenerator<Buffer> {
    if (announcedBytes > LEDGER_MAX_BYTES) throw new LedgerTooLargeError();
    const rest = createRest();
    const leave = await turns.enter(client, { restedMs: rest.ms, end: letGo }, signal);
    const opened: Scratch[] = [];
    const open = (): Scratch => {
      const scratch = openScratch(folder);
      opened.push(scratch);
      return scratch;
    };
    try {
      const [scratch, into] = [open(), open()];
      const { sha256, ...received } = await receive(body, scratch);
      const task: CheckTask = {
        ...(await prepare()),
        ...defined({ profile }),
        ledger: { scratch, ...received, ...defined({ zipPassword }) },
        folder,
        into,
      };
      const checked = doneOf((await threads.run(task, signal)) as Reply<Checked>);
      yield* resting(await write(checked, sha256, readPiecesPatiently(into, checked.pieces)), rest);
    } finally {
      opened.forEach(closeScratch);
      leave();
    }
  };
}

/**
 * Writes the ledger to the scratch file as it comes: one piece is on its way to the disk while the next one comes.
 * @throws LedgerTooLargeError, StorageFullError.
 */
async function receive(
  body: AsyncIterable<Uint8Array>,
  scratch: Scratch,
): Promise<Omit<ReceivedLedger, 'scratch'> & { sha256: string }> {
  const write = createPatientScratchWriter(scratch);
  const digest = createHash('sha256');
  const pieces: ReceivedLedger['pieces'] = [];
  const room = Buffer.allocUnsafeSlow(PIECE_BYTES);
  let underWay: Promise<void> = Promise.resolve();
  let [held, bytes] = [0, 0];

  async function writeHeld(): Promise<void> {
    await underWay;
    underWay = write(room.subarray(0, held)).then((written) => void pieces.push(written));
    held = 0;
    // Whoever comes next is told.
    underWay.catch(() => undefined);
  }

  try {
    for await (const chunk of releasing(body)) {
      bytes += chunk.length;
      if (bytes > LEDGER_MAX_BYTES) throw new LedgerTooLargeError();
      digest.update(chunk);
      for (let taken = 0; taken < chunk.length;) {
        const part = chunk.subarray(taken, taken + PIECE_BYTES - held);
        room.set(part, held);
        held += part.length;
        taken += part.length;
        if (held === PIECE_BYTES) await writeHeld();
      }
    }
    if (held > 0) await writeHeld();
    await underWay;
  } finally {
    // The file is closed behind us: nothing may still be writing to it.
    await underWay.catch(() => undefined);
  }
  return { pieces, bytes, sha256: digest.digest('hex') };
}
