/**
 * The first look at a set of trail files: which chain each belongs to, and what the lines say of other
 * lines. A chain's first line names the ends of earlier chains, a checkpoint a head, a cut what was let go.
 */
import { basename } from 'node:path';
import type { X509Certificate } from 'node:crypto';
import {
  certificateOf,
  readCheckpoint,
  readLine,
  sha256,
  type Head,
  type TrailLine,
} from './form.ts';
import { linesOf } from './lines.ts';

export interface Place {
  file: string;
  /** In the file, from 1. */
  at: number;
}

export type FaultKind =
  | 'not-a-segment'
  | 'not-a-line'
  | 'changed'
  | 'removed'
  | 'exchanged'
  | 'cut'
  | 'chain-missing'
  | 'not-as-witnessed'
  | 'torn'
  | 'checkpoint-bad'
  | 'checkpoint-foreign'
  | 'stamp-unfit'
  | 'stamp-bad'
  | 'stamp-foreign'
  | 'stamp-alone';

/** What does not hold, and where. */
export interface Fault extends Place {
  kind: FaultKind;
  /** In the chain; of `removed` and `cut`, the first that is not there. */
  number?: number;
  /** The last that is not there, or the chain that is meant. */
  until?: number;
  chain?: string;
}

/** What a line elsewhere says of a line. */
export interface Witness extends Head, Place {
  torn?: { bytes: number; digest: string };
}

export interface FileOfChain {
  file: string;
  chain: string;
  segment: number;
}

/** A time stamp: of which checkpoint, by the SHA-256 of its JWS, and the token of RFC 3161. */
export interface StampLine extends Place {
  checkpoint: string;
  token: Buffer;
}

export interface Survey {
  files: FileOfChain[];
  /** Compact JWS by its SHA-256, good or bad, with where it stands. */
  checkpoints: Map<string, Place & { jws: string }>;
  stamps: StampLine[];
  witnesses: Witness[];
  /** Files that were let go of: their last line. */
  cuts: Head[];
  faults: Fault[];
  /** Who signed checkpoints: fingerprint → subject. */
  signers: Map<string, string>;
}

export interface Outside {
  /** Certificates that are believed; undefined: those that come with the checkpoints. */
  trusted: readonly X509Certificate[] | undefined;
  /** Who may vouch for time stamps; undefined: the certificates that come with them. */
  authorities: readonly X509Certificate[] | undefined;
  /** Checkpoints that were kept elsewhere, compact JWS, with where they stand. */
  checkpoints: readonly (Place & { jws: string })[];
}

const NAME = /^\d{8}-(\d{17}-[0-9a-f]{8})-(\d{6})\.ndjson$/;
/** Read of the many, parsed of the few. */
const TELLS_OF_OTHERS = /"action":"(?:chain\.begun|checkpoint(?:\.stamped)?|trail\.cut)"/;

/** @throws errors of the file system. */
export async function survey(files: readonly string[], outside: Outside): Promise<Survey> {
  const found: Survey = {
    files: [],
    checkpoints: new Map(),
    stamps: [],
    witnesses: [],
    cuts: [],
    faults: [],
    signers: new Map(),
  };
  for (const file of files) {
    const [, chain, segment] = NAME.exec(basename(file)) ?? [];
    let own = chain === undefined ? undefined : { file, chain, segment: Number(segment) };
    for await (const { text, at, torn } of linesOf(file)) {
      if (at > 1 && !TELLS_OF_OTHERS.test(text)) continue;
      const line = torn === undefined ? readLine(text) : undefined;
      if (line === undefined) continue;
      if (at === 1) own = beginningOf(line, file) ?? own;
      note(found, line, { file, at }, own?.chain, outside);
    }
    if (own === undefined) found.faults.push({ kind: 'not-a-segment', file, at: 1 });
    else found.files.push(own);
  }
  for (const { jws, ...place } of outside.checkpoints) {
    noteCheckpoint(found, { jws }, place, undefined, outside);
  }
  return found;
}

/** What the first line of a file says that it belongs to; a name can be anything. */
function beginningOf(line: TrailLine, file: string): FileOfChain | undefined {
  const { action, chain, segment } = line;
  const isFirst = action === 'chain.begun' || action === 'segment.begun';
  if (!isFirst || typeof chain !== 'string' || typeof segment !== 'number') return undefined;
  return { file, chain, segment };
}

function note(
  found: Survey,
  line: TrailLine,
  place: Place,
  chain: string | undefined,
  outside: Outside,
): void {
  if (line.action === 'checkpoint') noteCheckpoint(found, line, place, chain, outside);
  if (line.action === 'checkpoint.stamped') {
    const token = Buffer.from(String(line['token']), 'base64');
    found.stamps.push({ checkpoint: String(line['checkpoint']), token, ...place });
  }
  if (line.action === 'chain.begun' && Array.isArray(line['earlier'])) {
    for (const end of line['earlier'] as Witness[]) found.witnesses.push({ ...end, ...place });
  }
  if (line.action === 'trail.cut') {
    const { chain: of, last: number, digest } = line as unknown as Head & { last: number };
    found.cuts.push({ chain: of, number, digest });
  }
}

/** @param chain that the checkpoint stands in; undefined: it was kept elsewhere. */
function noteCheckpoint(
  found: Survey,
  line: Record<string, unknown>,
  place: Place,
  chain: string | undefined,
  { trusted }: Outside,
): void {
  const jws = String(line['jws']);
  found.checkpoints.set(sha256(jws), { jws, ...place });
  const read = readCheckpoint(jws, certificateOf(line['certificate']), trusted);
  if (read === 'bad' || read === 'foreign') {
    found.faults.push({ kind: `checkpoint-${read}`, ...place });
    return;
  }
  if (chain !== undefined && read.head.chain !== chain) {
    found.faults.push({ kind: 'checkpoint-foreign', ...place, chain: read.head.chain });
    return;
  }
  found.signers.set(read.fingerprint, read.subject);
  found.witnesses.push({ ...read.head, ...place });
}
