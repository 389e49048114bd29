/**
 * A caller's ledger (CSV, RFC 4180) as records of positions, in constant memory.
 *
 * Its decimal sign is found over the whole of it, and every line that cannot be read is told with its number: a
 * ledger is read as a whole or not at all.
 */
import type { CheckProfile } from '../lib/check-profile.ts';
import { createAmountReader, DecimalSignFound } from '../rows/read/amount.ts';
import { ArchiveError } from '../rows/read/errors.ts';
import { scanPieces } from '../rows/read/scanner.ts';
import { type Encoding, NotUtf8Error, textPieces } from '../rows/read/text-pieces.ts';
import { LedgerError } from './ledger-errors.ts';
import { createMapping } from './ledger-profile.ts';
import {
  type BeginLedger,
  createLedgerScanner,
  type LedgerRead,
  type SettledSign,
} from './ledger-lines.ts';

/** What a pass takes for granted, and a pass may find to be otherwise. */
interface Assumptions {
  encoding: Encoding;
  settled?: SettledSign;
  /** No line tells the decimal sign: those that need one are bad. */
  refusesTwoWays: boolean;
}

class UnsettledError extends Error {}

/**
 * @param stream the ledger's bytes, from the first at every call.
 * @param profile how it is read, where not as MKS writes.
 * @throws LedgerError, LedgerTooLargeError, and what `stream` and the taker throw.
 */
export async function readLedger(
  stream: () => AsyncIterable<Uint8Array>,
  begin: BeginLedger,
  profile?: CheckProfile,
): Promise<LedgerRead> {
  const mapping = createMapping(profile);
  let assumptions: Assumptions = { encoding: 'utf-8', refusesTwoWays: false };
  for (;;) {
    const scanner = createLedgerScanner(createAmountReader(assumptions.settled?.sign), begin, {
      ...assumptions,
      mapping,
    });
    try {
      await scanPieces(scanner, textPieces(stream(), assumptions.encoding));
      if (scanner.isUnsettled()) throw new UnsettledError();
      return scanner.result();
    } catch (error) {
      assumptions = corrected(assumptions, scanner.line, error);
    }
  }
}

/** What the next pass has to assume after this one has failed; throws the failure if it is final. */
function corrected(assumptions: Assumptions, line: number, error: unknown): Assumptions {
  if (error instanceof DecimalSignFound) {
    return { ...assumptions, settled: { sign: error.decimalSign, line } };
  }
  if (error instanceof NotUtf8Error) return { ...assumptions, encoding: 'windows-1254' };
  if (error instanceof UnsettledError) return { ...assumptions, refusesTwoWays: true };
  // The scanner tells its own faults: what is left is the encoding.
  if (error instanceof ArchiveError) throw new LedgerError([{ line, fault: 'encoding' }]);
  throw error;
}
