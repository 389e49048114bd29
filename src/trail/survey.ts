/**
 * What a new chain finds in the folder: the ends of all chains that no later one has named yet. It
 * names them in its first line, so that what is cut from their ends, or removed as a whole, shows.
 */
import { defined } from '../lib/defined.ts';
import { parseLine } from './line.ts';
import {
  listSegments,
  pathOf,
  readFirstLine,
  readSegmentEnd,
  type Segment,
  type SegmentEnd,
} from './segments.ts';

/** The end of a chain as a later one saw it. */
export interface SeenChain extends Pick<SegmentEnd, 'torn'> {
  chain: string;
  /** Of its last whole line; 0 when it has none. */
  number: number;
  digest: string;
}

/** A first line stays readable: what is left over is named by the next chain. */
const MOST_NAMED = 1_000;

/**
 * Looks at every chain's end. A torn end is named by its length and digest, and left as it is.
 * @throws errors of the file system.
 */
export async function surveyChains(folder: string): Promise<SeenChain[]> {
  const chains = Map.groupBy(await listSegments(folder), ({ chain }) => chain);
  const named = await namedEnds(folder, [...chains.values()]);
  const seen: SeenChain[] = [];
  for (const [chain, segments] of chains) {
    const end = await endOf(folder, chain, segments);
    if (!named.has(keyOf(end))) seen.push(end);
    if (seen.length === MOST_NAMED) break;
  }
  return seen;
}

/** What first lines have named already. */
async function namedEnds(folder: string, chains: readonly Segment[][]): Promise<Set<string>> {
  const named = new Set<string>();
  for (const [first] of chains) {
    const text = first === undefined ? undefined : await readIfThere(readFirstLine, folder, first);
    const earlier = text === undefined ? undefined : parseLine(text)?.['earlier'];
    for (const end of Array.isArray(earlier) ? (earlier as SeenChain[]) : []) named.add(keyOf(end));
  }
  return named;
}

async function endOf(
  folder: string,
  chain: string,
  segments: readonly Segment[],
): Promise<SeenChain> {
  let torn: SegmentEnd['torn'] = undefined;
  for (const segment of segments.toReversed()) {
    const end = await readIfThere(readSegmentEnd, folder, segment);
    torn ??= end?.torn;
    const { head } = end ?? {};
    if (head !== undefined) return { chain, ...head, ...defined({ torn }) };
  }
  return { chain, number: 0, digest: '', ...defined({ torn }) };
}

/** Undefined for a segment that has been let go of in the meantime. */
async function readIfThere<T>(
  read: (path: string) => Promise<T>,
  folder: string,
  segment: Segment,
): Promise<T | undefined> {
  try {
    return await read(pathOf(folder, segment));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function keyOf({ chain, number, digest, torn }: SeenChain): string {
  return JSON.stringify([chain, number, digest, torn !== undefined]);
}
