/** A ledger as it was received: csv, or MKS's own archive with one csv in it, opened as it is read. */
import { ArchiveError, openArchive, type RandomAccess } from '../rows/read/index.ts';
import { LedgerError, LedgerTooLargeError } from './ledger-errors.ts';
import { type Piece, readPiece, readPieces, type Scratch } from './scratch.ts';

/** Of a ledger as it is sent, and of the csv in an archive. */
export const LEDGER_MAX_BYTES = 256 * 1024 * 1024;

/** Sealed on the disk. */
export interface ReceivedLedger {
  scratch: Scratch;
  pieces: Piece[];
  bytes: number;
  /** Of an archive: what opens it. */
  zipPassword?: string;
}

/** Its csv. */
export interface LedgerText {
  bytes: number;
  /** From the first byte at every call. @throws LedgerError where an archive is damaged. */
  stream(): AsyncIterable<Uint8Array>;
}

/** @throws LedgerError, LedgerTooLargeError: an archive is read to its end before any of it is given out. */
export async function openLedger(ledger: ReceivedLedger): Promise<LedgerText> {
  const { zipPassword, bytes } = ledger;
  if (zipPassword === undefined) return { bytes, stream: () => plain(ledger) };
  return refusing(async () => {
    const limits = { fileMaxBytes: LEDGER_MAX_BYTES, fileType: 'csv' } as const;
    const archive = await openArchive(randomAccessTo(ledger), zipPassword, limits);
    if (archive.type !== 'csv') throw new LedgerError([{ line: 0, fault: 'zip-not-csv' }]);
    // A wrong password may show at the end alone: until then it would look like bad lines.
    for await (const chunk of archive.stream(true)) void chunk;
    return { bytes: archive.unpackedBytes, stream: () => archive.stream() };
  });
}

// oxlint-disable-next-line typescript/require-await -- pieces come at once, and are asked for one by one
async function* plain({ scratch, pieces }: ReceivedLedger): AsyncGenerator<Buffer> {
  yield* readPieces(scratch, pieces);
}

async function refusing<T>(open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    const { reason } = error;
    if (reason === 'too-large') throw new LedgerTooLargeError();
    const fault = reason === 'wrong-password' ? 'zip-password' : 'zip';
    throw new LedgerError([{ line: 0, fault, detail: reason }]);
  }
}

/** A piece is opened at a time. */
function randomAccessTo({ scratch, pieces, bytes }: ReceivedLedger): RandomAccess {
  const starts: number[] = [];
  let end = 0;
  for (const { length } of pieces) {
    starts.push(end);
    end += length;
  }
  let opened: { at: number; plain: Buffer } = { at: -1, plain: Buffer.alloc(0) };
  function pieceAt(at: number): Buffer {
    const piece = pieces[at];
    if (opened.at !== at && piece !== undefined) opened = { at, plain: readPiece(scratch, piece) };
    return opened.plain;
  }

  return {
    size: bytes,
    async read(offset, length) {
      const parts: Buffer[] = [];
      const until = Math.min(offset + length, bytes);
      let at = starts.findLastIndex((start) => start <= offset);
      for (let from = offset; from < until; at += 1) {
        const start = starts[at] ?? 0;
        const part = pieceAt(at).subarray(from - start, until - start);
        parts.push(part);
        from += part.length;
      }
      return Buffer.concat(parts);
    },
  };
}
