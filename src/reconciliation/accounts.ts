/**
 * Which accounts one side alone has, in memory that does not grow with them: each account is laid once, or a few
 * times, on the sealed shelf of its name.
 */
import { startsAlike } from '../lib/words.ts';
import { hashOf, SEPARATOR, type TakeRecord } from './positions.ts';
import type { Run } from './runs.ts';
import { createShelves, type Shelves } from './shelves.ts';
import { compareShelf, type Room } from './sides.ts';
import { createSorter } from './sorter.ts';
import { createTable } from './table.ts';

const SEPARATOR_BYTE = SEPARATOR.charCodeAt(0);
const ZERO_DIGIT = 0x30;

export interface Accounts {
  /** Has the accounts of the records noted before `take` gets them. */
  noting(take: TakeRecord): TakeRecord;
  shelves: Shelves;
}

export function createAccounts({ scratch, write }: Room, count: number): Accounts {
  const shelves = createShelves(scratch, write, count);
  /** The account that was laid last, as a record with an amount of 0. Those of an account nearly always come together. */
  let last = Buffer.alloc(64);
  /** With the separator. */
  let length = 0;

  return {
    shelves,
    noting: (take) => (hash, record, recordLength) => {
      if (length === 0 || !startsAlike(last, length, record, 0)) {
        length = record.indexOf(SEPARATOR_BYTE) + 1;
        if (length >= last.length) last = Buffer.alloc(2 * length);
        for (let at = 0; at < length; at++) last[at] = record[at] as number;
        last[length] = ZERO_DIGIT;
        shelves.put(hashOf(last, length), last, length + 1);
      }
      take(hash, record, recordLength);
    },
  };
}

/** @returns runs of the accounts that one of the sides alone has, sorted. */
export function loneAccounts(
  { write }: Room,
  sides: readonly [Accounts, Accounts],
  count: number,
): Run[] {
  const lone = createSorter(write);
  const table = createTable();
  const shelves = [sides[0].shelves, sides[1].shelves] as const;
  for (let shelf = 0; shelf < count; shelf++) {
    compareShelf(table, shelves, shelf, ({ view, start, end }, first, second) => {
      // One that was laid several times is told of too.
      if (first === '' || second === '') lone.put(view, start, end).endLine();
    });
  }
  return lone.finish();
}
