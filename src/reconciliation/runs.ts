/** Sorted runs of lines (sorter.ts), and all of them as one sorted whole. Lines are bytes, and sort as bytes do. */
import { release } from '../lib/release.ts';
import { viewOf } from '../lib/words.ts';
import { readPiece, type Piece, type Scratch } from './scratch.ts';

/** A run: its pieces, each whole lines. */
export type Run = Piece[];

const LINE_FEED = 0x0a;

/** Lines one after another. Where the line of now lies is good until the next one is asked for. */
export interface Lines {
  bytes: Buffer;
  view: DataView;
  start: number;
  /** Its line feed is not part of it. */
  end: number;
  /** Goes to the next line, the first one at first. @returns false at the end. */
  next(): boolean;
}

/** The lines of all runs in order; a piece of each run is in memory. */
export function mergeRuns(scratch: Scratch, runs: readonly Run[]): Lines {
  // A heap: none is before the one at half its place.
  const heads = runs.map((run) => linesOf(scratch, [run])).filter((lines) => lines.next());
  for (let at = heads.length >> 1; at >= 0; at--) sink(heads, at);
  const merged: Lines = { ...nothing(), next };
  let isFirst = true;

  function next(): boolean {
    if (!isFirst) advance(heads);
    isFirst = false;
    const head = heads[0];
    if (head === undefined) return false;
    merged.bytes = head.bytes;
    merged.view = head.view;
    merged.start = head.start;
    merged.end = head.end;
    return true;
  }
  return merged;
}

function advance(heads: Lines[]): void {
  const first = heads[0];
  if (first === undefined) return;
  if (!first.next()) {
    const last = heads.pop() as Lines;
    if (heads.length === 0) return;
    heads[0] = last;
  }
  sink(heads, 0);
}

/** Has the head at a place go down to where it belongs. */
function sink(heads: Lines[], from: number): void {
  for (let at = from; ;) {
    let least = at;
    for (let below = 2 * at + 1; below <= 2 * at + 2 && below < heads.length; below++) {
      if (isBefore(heads[below] as Lines, heads[least] as Lines)) least = below;
    }
    if (least === at) return;
    const head = heads[at] as Lines;
    heads[at] = heads[least] as Lines;
    heads[least] = head;
    at = least;
  }
}

function isBefore(one: Lines, other: Lines): boolean {
  return compareBytes(one.bytes, one.start, one.end, other.bytes, other.start, other.end) < 0;
}

/** Below, equal to or above zero: whether the first range sorts before, as or after the second. */
export function compareBytes(
  one: Uint8Array,
  start: number,
  end: number,
  other: Uint8Array,
  otherStart: number,
  otherEnd: number,
): number {
  const length = Math.min(end - start, otherEnd - otherStart);
  for (let at = 0; at < length; at++) {
    const difference = (one[start + at] as number) - (other[otherStart + at] as number);
    if (difference !== 0) return difference;
  }
  return end - start - (otherEnd - otherStart);
}

/** The lines of all runs, one run after another. */
export function linesOf(scratch: Scratch, runs: readonly Run[]): Lines {
  const pieces = runs.flat();
  const lines: Lines = { ...nothing(), next };
  let at = 0;

  function next(): boolean {
    if (lines.end + 1 >= lines.bytes.length) {
      const piece = pieces[at++];
      if (piece === undefined) return false;
      release(lines.bytes);
      lines.bytes = readPiece(scratch, piece);
      lines.view = viewOf(lines.bytes);
      lines.end = -1;
    }
    lines.start = lines.end + 1;
    let end = lines.start;
    const { bytes } = lines;
    while (bytes[end] !== LINE_FEED) end += 1;
    lines.end = end;
    return true;
  }
  return lines;
}

function nothing(): Omit<Lines, 'next'> {
  const bytes = Buffer.alloc(0);
  return { bytes, view: viewOf(bytes), start: 0, end: -1 };
}
