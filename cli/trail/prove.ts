/**
 * Proves a set of trail files: each line by the digest that the next one bears, each chain by what later
 * chains and checkpoints say of it. Reads every file twice and keeps no more than a line of it.
 */
import { proveStamps, type StampProof } from './stamps.ts';
import { survey, type Fault, type Outside, type Survey, type Witness } from './survey.ts';
import { createWalk, type ProvedChain } from './walk.ts';

export type { ProvedChain } from './walk.ts';

export interface Proof {
  entries: number;
  chains: ProvedChain[];
  faults: Fault[];
  /** Who signed checkpoints: fingerprint → subject. */
  signers: ReadonlyMap<string, string>;
  /** Chains that are named but not in the set, where it need not be whole. */
  elsewhere: string[];
  stamps: StampProof;
}

/**
 * @param isWhole whether all files of the trail must be among them.
 * @throws errors of the file system.
 */
export async function prove(
  files: readonly string[],
  isWhole: boolean,
  outside: Outside,
): Promise<Proof> {
  const found = await survey(files, outside);
  const faults = [...found.faults];
  const chains: ProvedChain[] = [];
  let entries = 0;
  const byChain = Map.groupBy(found.files, ({ chain }) => chain);
  for (const [chain, segments] of byChain) {
    const walk = createWalk(chain, found, isWhole, faults);
    for (const segment of segments.toSorted((one, other) => one.segment - other.segment)) {
      await walk.segment(segment);
    }
    entries += walk.entries();
    chains.push(walk.end());
  }
  const missing = found.witnesses.filter(({ chain, number }) => number > 0 && !byChain.has(chain));
  const unexplained = missing.filter((witness) => !isCut(found, witness));
  if (isWhole) {
    for (const { file, at, chain } of unexplained)
      faults.push({ kind: 'chain-missing', file, at, chain });
  }
  const stamps = await proveStamps(found, isWhole, outside.authorities, faults);
  const elsewhere = isWhole ? [] : [...new Set(unexplained.map(({ chain }) => chain))];
  const order = new Map(files.map((file, index) => [file, index]));
  const ordered = faults.toSorted(
    (one, other) =>
      (order.get(one.file) ?? files.length) - (order.get(other.file) ?? files.length) ||
      one.at - other.at,
  );
  return { entries, chains, faults: ordered, signers: found.signers, elsewhere, stamps };
}

function isCut({ cuts }: Survey, { chain, number }: Pick<Witness, 'chain' | 'number'>): boolean {
  return cuts.some((cut) => cut.chain === chain && cut.number >= number);
}
