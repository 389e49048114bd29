/** Breaks as they are told and kept. Runs where the check does. */
import type { SealedFile } from '../reports/spool/frames.ts';
import { createRowWriter, type RowWriter } from '../reports/spool/row-writer.ts';
import { type Piece, type ScratchWriter } from './scratch.ts';

/** What is sealed at once: each piece is a way to the disk. */
const KEPT_PIECE_BYTES = 1024 * 1024;

/**
 * @param breaks pieces of whole lines, each lent until the next one is asked for.
 * @param write where they are told from. @param file where they are kept, if they are.
 * @returns the pieces, and of what was kept the SHA-256, hex. @throws StorageFullError.
 */
export async function writeBreaks(
  breaks: Iterable<Buffer>,
  write: ScratchWriter,
  file?: SealedFile,
): Promise<{ pieces: Piece[]; sha256?: string }> {
  const pieces: Piece[] = [];
  if (file === undefined) {
    for (const piece of breaks) pieces.push(write(piece));
    return { pieces };
  }
  const keeper = createKeeper(await createRowWriter(file));
  try {
    for (const piece of breaks) {
      pieces.push(write(piece));
      await keeper.write(piece);
    }
    return { pieces, sha256: await keeper.finish() };
  } catch (error) {
    await keeper.abandon();
    throw error;
  }
}

/** Gathers pieces into larger ones: one is sealed while the next one is made. */
function createKeeper(writer: RowWriter) {
  let held = Buffer.alloc(0);
  let used = 0;

  async function writeHeld(): Promise<void> {
    if (used > 0) await writer.write(held.subarray(0, used));
    used = 0;
  }
  return {
    async write(piece: Buffer): Promise<void> {
      if (used + piece.length > held.length) {
        await writeHeld();
        held = Buffer.allocUnsafeSlow(Math.max(KEPT_PIECE_BYTES, piece.length));
      }
      used += piece.copy(held, used);
    },
    async finish(): Promise<string> {
      await writeHeld();
      return writer.finish();
    },
    abandon: () => writer.abandon(),
  };
}
