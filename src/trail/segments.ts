/**
 * The files of the trail: `<day>-<chain>-<segment>.ndjson`, so that their names alone tell the days of
 * a range, the chains and their order.
 */
import { randomBytes } from 'node:crypto';
import { open, readdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { toIstanbulDate, toIstanbulTimestamp } from '../lib/dates.ts';
import { digestOf, MAX_LINE_BYTES, parseLine, type Head } from './line.ts';

const NAME = /^(\d{8})-(\d{17}-[0-9a-f]{8})-(\d{6})\.ndjson$/;
const LINE_END = 0x0a;

export interface Segment {
  name: string;
  /** Istanbul's day of its first line, `YYYYMMDD`. */
  day: string;
  /** When the chain was begun, and what tells it from others of that millisecond. */
  chain: string;
  /** From 1. */
  segment: number;
}

/** A name for a chain that begins now. */
export function newChain(nowMs: number): string {
  const time = toIstanbulTimestamp(nowMs).slice(0, 23).replaceAll(/\D/g, '');
  return `${time}-${randomBytes(4).toString('hex')}`;
}

export function segmentName(chain: string, segment: number, nowMs: number): string {
  return `${toIstanbulDate(nowMs)}-${chain}-${String(segment).padStart(6, '0')}.ndjson`;
}

/** Undefined for a file of another kind. */
function parseSegmentName(name: string): Segment | undefined {
  const [, day, chain, segment] = NAME.exec(name) ?? [];
  if (day === undefined || chain === undefined) return undefined;
  return { name, day, chain, segment: Number(segment) };
}

/** All segments of a folder: by chain, each chain's in its order. */
export async function listSegments(folder: string): Promise<Segment[]> {
  const found = (await readdir(folder)).flatMap((name) => parseSegmentName(name) ?? []);
  return found.toSorted((one, other) =>
    one.chain === other.chain ? one.segment - other.segment : one.chain < other.chain ? -1 : 1,
  );
}

/** How a segment ends. */
export interface SegmentEnd {
  /** Its last whole line; absent when it has none. */
  head?: Head;
  /** What stands after it: the beginning of a line that was never written to its end. */
  torn?: { bytes: number; digest: string };
}

/** Reads how a segment ends, from its last bytes alone. */
export async function readSegmentEnd(path: string): Promise<SegmentEnd> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    // The last line and what was torn after it: a batch of lines at most.
    const tail = await readAt(file, Math.max(0, size - 4 * MAX_LINE_BYTES), size);
    const end = tail.lastIndexOf(LINE_END);
    const rest = tail.subarray(end + 1);
    const lines = tail.subarray(0, Math.max(0, end));
    const text = lines.subarray(lines.lastIndexOf(LINE_END) + 1);
    const line = parseLine(text.toString());
    return {
      ...(line !== undefined && { head: { number: line.number, digest: digestOf(text) } }),
      ...(rest.length > 0 && { torn: { bytes: rest.length, digest: digestOf(rest) } }),
    };
  } finally {
    await file.close();
  }
}

/** The first line of a segment; undefined when it has none. */
export async function readFirstLine(path: string): Promise<string | undefined> {
  const file = await open(path);
  try {
    for (let length = 8 * 1024; ; length = MAX_LINE_BYTES) {
      const begin = await readAt(file, 0, length);
      const end = begin.indexOf(LINE_END);
      if (end >= 0) return begin.toString('utf8', 0, end);
      if (begin.length < length || length === MAX_LINE_BYTES) return undefined;
    }
  } finally {
    await file.close();
  }
}

/** The bytes from `start` to `end`, or to the end of the file. */
export async function readAt(
  file: Pick<FileHandle, 'read'>,
  start: number,
  end: number,
): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(end - start);
  let length = 0;
  while (length < bytes.length) {
    const { bytesRead } = await file.read(bytes, length, bytes.length - length, start + length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return bytes.subarray(0, length);
}

export function pathOf(folder: string, { name }: Pick<Segment, 'name'>): string {
  return join(folder, name);
}
