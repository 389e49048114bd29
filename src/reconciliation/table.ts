/**
 * The records of a shelf, those of both sides, by position. They are found by their bytes: texts are made only of
 * amounts that differ, and nearly all are the same.
 */
import { add, decimalText, toDecimal } from '../lib/decimal.ts';
import { equalBytes, viewOf } from '../lib/words.ts';
import { SEPARATOR } from './positions.ts';
import { RECORD_HEAD_BYTES } from './shelves.ts';

const SEPARATOR_BYTE = SEPARATOR.charCodeAt(0);
/** An entry: the hash of its position, where that begins and ends, then where the amount of each side does; 0 for none. */
const WORDS = 7;
/** In an entry. */
const AMOUNTS = 3;

/** Where a position lies, until the next one is told of. */
export interface Position {
  view: DataView;
  start: number;
  end: number;
}

/** Told of a position whose amounts are not the same bytes; an amount is empty where a side lacks it. */
export type TakeDiffering = (position: Position, first: string, second: string) => void;

/** What shelves are compared in, one after another: it is as large as the largest. */
export interface Table {
  /** Room for the records of a shelf; what was in it is void. */
  roomFor(size: { records: number; bytes: number }): Buffer;
  /**
   * Records of one position are added up.
   * @param firstEnd where the records of the first side end, from the beginning of the room, and the second's begin.
   * @returns how many positions have the same bytes on both sides.
   */
  compare(firstEnd: number, end: number, take: TakeDiffering): number;
}

export function createTable(): Table {
  let records = Buffer.alloc(0);
  const position: Position = { view: viewOf(records), start: 0, end: 0 };
  const entries = createEntries();

  /** Adds the records from `from` to `to` to a side, 0 or 1. */
  function addSide(from: number, to: number, side: number): void {
    const { view } = position;
    for (let head = from; head < to;) {
      const begin = head + RECORD_HEAD_BYTES;
      const end = begin + view.getInt32(head + 4);
      let split = end - 1;
      while (records[split] !== SEPARATOR_BYTE) split -= 1;
      const entry = entries.of(view.getInt32(head), begin, split);
      entries.addAmount(entry + AMOUNTS + 2 * side, split + 1, end);
      head = end;
    }
  }

  return {
    roomFor(size) {
      if (records.length < size.bytes) {
        records = Buffer.allocUnsafeSlow(size.bytes);
        position.view = viewOf(records);
      }
      entries.clear(records, size.records);
      return records;
    },
    compare(firstEnd, end, take) {
      addSide(0, firstEnd, 0);
      addSide(firstEnd, end, 1);
      let same = 0;
      for (let entry = 0; entry < entries.end; entry += WORDS) {
        if (entries.isSame(entry)) {
          same += 1;
          continue;
        }
        position.start = entries.words[entry + 1] as number;
        position.end = entries.words[entry + 2] as number;
        take(position, entries.amount(entry + AMOUNTS), entries.amount(entry + AMOUNTS + 2));
      }
      return same;
    },
  };
}

/** A hash table with open places, of positions by their bytes. */
function createEntries() {
  let records: Buffer = Buffer.alloc(0);
  let view = viewOf(records);
  let slots = new Int32Array();
  let mask = 0;
  /** Of several records, by the place of the side's amount in its entry. */
  const sums = new Map<number, string>();
  const entries = { words: new Int32Array(), end: 0, clear, of, addAmount, amount, isSame };

  function clear(bytes: Buffer, recordCount: number): void {
    records = bytes;
    view = viewOf(records);
    const slotCount = 2 ** Math.ceil(Math.log2(2 * recordCount + 1));
    if (slots.length < slotCount) slots = new Int32Array(slotCount);
    slots.fill(0, 0, slotCount);
    mask = slotCount - 1;
    const wordCount = recordCount * WORDS;
    if (entries.words.length < wordCount) entries.words = new Int32Array(wordCount);
    entries.end = 0;
    sums.clear();
  }

  /** @returns where the position's entry is; a new one if there was none. */
  function of(hash: number, begin: number, end: number): number {
    const { words } = entries;
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const entry = (slots[slot] as number) - 1;
      if (words[entry] !== hash) continue;
      const other = words[entry + 1] as number;
      if ((words[entry + 2] as number) - other !== end - begin) continue;
      if (equalBytes(view, begin, other, end - begin)) return entry;
    }
    const entry = entries.end;
    entries.end += WORDS;
    slots[slot] = entry + 1;
    words[entry] = hash;
    words[entry + 1] = begin;
    words[entry + 2] = end;
    for (let at = entry + AMOUNTS; at < entry + WORDS; at++) words[at] = 0;
    return entry;
  }

  function addAmount(at: number, begin: number, end: number): void {
    const { words } = entries;
    if (words[at + 1] === 0) {
      words[at] = begin;
      words[at + 1] = end;
      return;
    }
    const sum = add(toDecimal(amount(at)), toDecimal(records.toString('latin1', begin, end)));
    sums.set(at, decimalText(sum));
  }

  function amount(at: number): string {
    const { words } = entries;
    const end = words[at + 1] as number;
    return end === 0 ? '' : (sums.get(at) ?? records.toString('latin1', words[at], end));
  }

  function isSame(entry: number): boolean {
    const first = entry + AMOUNTS;
    if (sums.size > 0 && (sums.has(first) || sums.has(first + 2))) return false;
    return areEqualAmounts(view, entries.words, first);
  }
  return entries;
}

function areEqualAmounts(view: DataView, words: Int32Array, at: number): boolean {
  const begin = words[at] as number;
  const length = (words[at + 1] as number) - begin;
  const other = words[at + 2] as number;
  if (length <= 0 || (words[at + 3] as number) - other !== length) return false;
  return equalBytes(view, begin, other, length);
}
