/**
 * Which accounts one side alone has, in memory that does not grow with them: each account is laid once, or a few
 * times, on the sealed shelf of its name.
 */
import { hashOf, SEPARATOR, type TakeRecord } from './positions.ts';
import { type Run, writeRun } from './runs.ts';
import { createShelves, type Shelves } from './shelves.ts';
import type { Room } from './sides.ts';

const SEPARATOR_BYTE = SEPARATOR.charCodeAt(0);
const LINE_FEED = 0x0a;

export interface Accounts {
  /** Has the accounts of the records noted before `take` gets them. */
  noting(take: TakeRecord): TakeRecord;
  shelves: Shelves;
}

export function createAccounts({ scratch, write }: Room, count: number): Accounts {
  const shelves = createShelves(scratch, write, count);
  /** As it was laid: an account, then a line feed. The records of an account nearly always come together. */
  let last = Buffer.alloc(64);
  let lastLength = 0;

  function isLast(record: Buffer): boolean {
    for (let at = 0; at < lastLength - 1; at++) if (record[at] !== last[at]) return false;
    return lastLength > 0 && record[lastLength - 1] === SEPARATOR_BYTE;
  }

  return {
    shelves,
    noting: (take) => (hash, record, length) => {
      if (!isLast(record)) {
        const end = record.indexOf(SEPARATOR_BYTE);
        if (end >= last.length) last = Buffer.alloc(2 * end);
        record.copy(last, 0, 0, end);
        last[end] = LINE_FEED;
        lastLength = end + 1;
        shelves.put(hashOf(last, end), last, lastLength);
      }
      take(hash, record, length);
    },
  };
}

/** @returns runs of the accounts that one of the sides alone has, sorted. */
export function loneAccounts(
  { write }: Room,
  sides: readonly [Accounts, Accounts],
  count: number,
): Run[] {
  return Array.from({ length: count }, (_, shelf) => {
    const [first, second] = sides.map(({ shelves }) =>
      namesOf(shelves.take(shelf).toString('latin1')),
    ) as [Set<string>, Set<string>];
    const lone = [...first].filter((name) => !second.has(name));
    for (const name of second) if (!first.has(name)) lone.push(name);
    return writeRun(write, lone.toSorted());
  });
}

/** An account may have no name. */
function namesOf(lines: string): Set<string> {
  return new Set(lines === '' ? [] : lines.slice(0, -1).split('\n'));
}
