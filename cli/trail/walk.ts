/** One chain from its first line in the set to its last: each line held against the next, and against what is said of it. */
import { readLine, sha256, type TrailLine } from './form.ts';
import { linesOf } from './lines.ts';
import type { Fault, FileOfChain, Place, Survey, Witness } from './survey.ts';

/** What holds of a chain as far as it can be shown. */
export interface ProvedChain {
  chain: string;
  /** Numbers of its first and last line in the set. */
  first: number;
  last: number;
  /** Up to here something outside the chain, or a signature, says how it was; 0: nothing does. */
  witnessed: number;
  /** It ends in a line that was never written to its end, and nothing later tells of it. */
  isTorn: boolean;
}

const NO_DIGEST = '0'.repeat(64);

/** A line that the next one is held against. */
interface Step extends Place {
  number: number;
  /** Undefined: it was faulty, and nothing can be held against it. */
  digest: string | undefined;
}

export interface Walk {
  entries(): number;
  segment(file: FileOfChain): Promise<void>;
  /** What others say of the end, and how far that goes. */
  end(): ProvedChain;
}

/** Walks along one chain, segment by segment; what does not hold is added to `faults`. */
export function createWalk(chain: string, found: Survey, isWhole: boolean, faults: Fault[]): Walk {
  const named = found.witnesses.filter((witness) => witness.chain === chain);
  const witnesses = Map.groupBy(named, ({ number }) => number);
  let first = 0;
  let entries = 0;
  let last: Step | undefined;
  let torn: (Place & { bytes: Buffer }) | undefined;

  function take(text: string, place: Place): void {
    entries += 1;
    const line = readLine(text);
    if (line === undefined) {
      const number = (last?.number ?? 0) + 1;
      faults.push({ kind: 'not-a-line', ...place, number });
      last = { ...place, number, digest: undefined };
      return;
    }
    const { number } = line;
    if (last === undefined) first = number;
    const fault =
      last === undefined
        ? beginFault(line, place, chain, found, isWhole)
        : stepFault(line, place, last);
    if (fault !== undefined) faults.push(fault);
    const digest = sha256(text);
    if (witnesses.get(number)?.some((witness) => witness.digest !== digest) === true) {
      faults.push({ kind: 'not-as-witnessed', ...place, number });
    }
    last = { ...place, number, digest };
  }

  return {
    entries: () => entries,
    async segment({ file }) {
      if (torn !== undefined) faults.push({ kind: 'torn', file: torn.file, at: torn.at });
      torn = undefined;
      for await (const { text, at, torn: bytes } of linesOf(file)) {
        if (bytes === undefined) take(text, { file, at });
        else torn = { bytes, file, at };
      }
    },
    end() {
      const end = last?.number ?? 0;
      const cut = cutFault(named, last, isWhole);
      if (cut !== undefined) faults.push(cut);
      const told = named.find((witness) => witness.torn !== undefined && witness.number === end);
      if (told?.torn !== undefined && sha256(torn?.bytes ?? '') !== told.torn.digest) {
        faults.push({ kind: 'torn', file: last?.file ?? told.file, at: last?.at ?? told.at });
      }
      const witnessed = Math.max(0, ...named.map(({ number }) => number).filter((n) => n <= end));
      const isTorn = torn !== undefined && told === undefined;
      return { chain, first, last: end, witnessed, isTorn };
    },
  };
}

/** The first line of the set: of the whole chain, or after what was let go of with a line that says so. */
function beginFault(
  line: TrailLine,
  place: Place,
  chain: string,
  { cuts }: Survey,
  isWhole: boolean,
): Fault | undefined {
  const { number, before } = line;
  if (number === 1) {
    return before === NO_DIGEST ? undefined : { kind: 'changed', ...place, number: 1 };
  }
  const isLetGo = cuts.some(
    (cut) => cut.chain === chain && cut.number === number - 1 && cut.digest === before,
  );
  if (!isWhole || isLetGo) return undefined;
  return { kind: 'removed', ...place, number: 1, until: number - 1 };
}

function stepFault(line: TrailLine, place: Place, before: Step): Fault | undefined {
  const { number } = line;
  if (number > before.number + 1) {
    return { kind: 'removed', ...place, number: before.number + 1, until: number - 1 };
  }
  if (number <= before.number) return { kind: 'exchanged', ...place, number };
  if (before.digest === undefined || line.before === before.digest) return undefined;
  return { kind: 'changed', file: before.file, at: before.at, number: before.number };
}

/** Somebody has seen a line beyond the end. */
function cutFault(
  named: readonly Witness[],
  last: Step | undefined,
  isWhole: boolean,
): Fault | undefined {
  const end = last?.number ?? 0;
  const [beyond] = named
    .filter(({ number }) => number > end)
    .toSorted((one, other) => other.number - one.number);
  if (beyond === undefined || (last === undefined && !isWhole)) return undefined;
  const { file, at } = last ?? beyond;
  return { kind: 'cut', file, at, number: end + 1, until: beyond.number };
}
