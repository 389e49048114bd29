/**
 * The records of a shelf, those of both sides, by position. They are found by their bytes: texts are made only of
 * positions that differ, and nearly all are the same.
 */
import { add, decimalText, toDecimal } from '../lib/decimal.ts';
import { HASH_BASIS, SEPARATOR } from './positions.ts';

const SEPARATOR_BYTE = SEPARATOR.charCodeAt(0);
const LINE_FEED = 0x0a;
/** An entry: where its position begins and ends, then where the amount of each side does; 0 for none. */
const WORDS = 6;

/** A position whose amounts are not the same bytes; empty where a side lacks it. `latin1`: a byte a character. */
export interface Differing {
  position: string;
  first: string;
  second: string;
}

export interface ShelfCompared {
  differing: Differing[];
  /** Positions with the same bytes on both sides. */
  same: number;
}

/** Records of one position are added up. @param first whole records, as `TakeRecord` gives them. */
export function compareRecords(first: Buffer, second: Buffer): ShelfCompared {
  const records = Buffer.concat([first, second]);
  const table = createTable(records);
  table.add(0, first.length, 0);
  table.add(first.length, records.length, 1);
  return table.compared();
}

function createTable(records: Buffer) {
  const capacity = countLines(records);
  const entries = new Int32Array(capacity * WORDS);
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * capacity + 1)));
  const mask = slots.length - 1;
  /** Of several records, by the place of the side's amount in its entry. */
  const sums = new Map<number, string>();
  let count = 0;

  /** @returns where the position's entry is; a new one if there was none. */
  function entryOf(begin: number, end: number, hash: number): number {
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const entry = (slots[slot] as number) - 1;
      const other = entries[entry] as number;
      if ((entries[entry + 1] as number) - other !== end - begin) continue;
      if (isEqual(records, begin, other, end - begin)) return entry;
    }
    const entry = count * WORDS;
    count += 1;
    slots[slot] = entry + 1;
    entries[entry] = begin;
    entries[entry + 1] = end;
    return entry;
  }

  function addAmount(at: number, begin: number, end: number): void {
    if (entries[at + 1] === 0) {
      entries[at] = begin;
      entries[at + 1] = end;
      return;
    }
    const sum = add(toDecimal(amount(at)), toDecimal(records.toString('latin1', begin, end)));
    sums.set(at, decimalText(sum));
  }

  function amount(at: number): string {
    return sums.get(at) ?? records.toString('latin1', entries[at], entries[at + 1]);
  }

  function isSame(entry: number): boolean {
    if (sums.has(entry + 2) || sums.has(entry + 4)) return false;
    return hasEqualAmounts(records, entries, entry);
  }

  return {
    /** Adds the records from `from` to `to` to a side, 0 or 1. */
    add(from: number, to: number, side: number): void {
      for (let begin = from; begin < to;) {
        let [hash, split, splitHash] = [HASH_BASIS, begin, 0];
        let end = begin;
        for (let byte = records[end]; byte !== LINE_FEED; byte = records[++end]) {
          if (byte === SEPARATOR_BYTE) [split, splitHash] = [end, hash];
          hash = Math.imul(hash ^ (byte as number), 0x01000193);
        }
        addAmount(entryOf(begin, split, splitHash) + 2 + 2 * side, split + 1, end);
        begin = end + 1;
      }
    },
    compared(): ShelfCompared {
      const differing: Differing[] = [];
      for (let entry = 0; entry < count * WORDS; entry += WORDS) {
        if (isSame(entry)) continue;
        const position = records.toString('latin1', entries[entry], entries[entry + 1]);
        differing.push({ position, first: amount(entry + 2), second: amount(entry + 4) });
      }
      return { differing, same: count - differing.length };
    },
  };
}

function hasEqualAmounts(records: Buffer, entries: Int32Array, entry: number): boolean {
  const [begin, end] = [entries[entry + 2] as number, entries[entry + 3] as number];
  const [other, otherEnd] = [entries[entry + 4] as number, entries[entry + 5] as number];
  return (
    end !== 0 && otherEnd - other === end - begin && isEqual(records, begin, other, end - begin)
  );
}

function countLines(records: Buffer): number {
  let count = 0;
  for (let at = records.indexOf(LINE_FEED); at !== -1; at = records.indexOf(LINE_FEED, at + 1)) {
    count += 1;
  }
  return count;
}

function isEqual(bytes: Buffer, one: number, other: number, length: number): boolean {
  for (let at = 0; at < length; at++) {
    if (bytes[one + at] !== bytes[other + at]) return false;
  }
  return true;
}
