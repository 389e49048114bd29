/**
 * Time stamps held against their checkpoints. The form of a stamp is RFC 3161's and not ours, so it is read
 * here by the gateway's own reader; docs/en/trail.md has the same proof by openssl alone, and tests take both.
 */
import type { X509Certificate } from 'node:crypto';
import { proveStamp, StampError, type StampFault } from '../../src/trail/stamps/token.ts';
import type { Fault, FaultKind, Place, Survey } from './survey.ts';

/** What stamps show of a set of files. */
export interface StampProof {
  /** How many checkpoints there are, and how many of them have a stamp. */
  checkpoints: number;
  stamped: number;
  /** Who stamped: fingerprint → subject. */
  authorities: Map<string, string>;
  /** Stamps of checkpoints that are not among the files. */
  alone: number;
  /** The stamp that came last after its checkpoint, and one from before it, as far as clocks tell. */
  latest?: Place & { afterMs: number };
  earliest?: Place & { afterMs: number };
}

const KINDS: Record<StampFault, FaultKind> = {
  refused: 'stamp-bad',
  unreadable: 'stamp-bad',
  bad: 'stamp-bad',
  unfit: 'stamp-unfit',
  untrusted: 'stamp-foreign',
};

/**
 * @param isWhole whether every checkpoint that is stamped must be among the files.
 * @param trusted who may vouch for stamps; undefined: the certificates that came with them are taken.
 * @param faults what does not hold is added to them.
 */
export async function proveStamps(
  { checkpoints, stamps, cuts }: Survey,
  isWhole: boolean,
  trusted: readonly X509Certificate[] | undefined,
  faults: Fault[],
): Promise<StampProof> {
  const stamped = new Set<string>();
  const proof: StampProof = {
    checkpoints: checkpoints.size,
    stamped: 0,
    authorities: new Map(),
    alone: 0,
  };
  for (const { checkpoint, token, ...place } of stamps) {
    const of = checkpoints.get(checkpoint);
    if (of === undefined) {
      proof.alone += 1;
      // What was let go of may have held it.
      if (isWhole && cuts.length === 0) faults.push({ kind: 'stamp-alone', ...place });
      continue;
    }
    try {
      const stamp = await proveStamp(token, Buffer.from(of.jws), trusted);
      stamped.add(checkpoint);
      proof.authorities.set(stamp.fingerprint, stamp.authority);
      const afterMs = stamp.time - madeAt(of.jws);
      if (afterMs > (proof.latest?.afterMs ?? -Infinity)) proof.latest = { ...place, afterMs };
      if (afterMs < (proof.earliest?.afterMs ?? Infinity)) proof.earliest = { ...place, afterMs };
    } catch (error) {
      if (!(error instanceof StampError)) throw error;
      faults.push({ kind: KINDS[error.fault], ...place });
    }
  }
  return { ...proof, stamped: stamped.size };
}

/** When a checkpoint says that it was made, wall ms. */
function madeAt(jws: string): number {
  try {
    const payload = Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString();
    return Date.parse((JSON.parse(payload) as { time: string }).time);
  } catch {
    return NaN;
  }
}
