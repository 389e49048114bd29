/** The entries of a trail as CSV, in the order of their times, in bounded memory. */
import { join } from 'node:path';
import { quoteIfNeeded } from '../../src/rows/formats/csv-text.ts';
import { listSegments, type Segment } from '../../src/trail/segments.ts';
import { parseLine, type LineBase } from '../../src/trail/line.ts';
import { linesOf } from './lines.ts';

const COLUMNS = (
  'time chain number action client address requestId member members processDate filters report rows ' +
  'format file service refId senderReference code route asked part count end'
).split(' ');

/** Timestamps in the trail's own form; both included. */
export interface Range {
  from: string;
  to: string;
}

/**
 * @param range as the trail writes times, so that texts compare as instants do.
 * @throws errors of the file system.
 */
export async function* exportCsv(folder: string, range: Range): AsyncGenerator<string> {
  yield lineOf(COLUMNS);
  const days = Map.groupBy(await listSegments(folder), ({ day }) => day);
  const [fromDay, toDay] = [dayOf(range.from), dayOf(range.to)];
  for (const day of [...days.keys()].toSorted()) {
    if (day < fromDay || day > toDay) continue;
    for await (const { chain, line } of inOrder(folder, days.get(day) ?? [])) {
      if (line.time < range.from || line.time > range.to) continue;
      yield lineOf(COLUMNS.map((name) => (name === 'chain' ? chain : cellOf(line[name]))));
    }
  }
}

function dayOf(time: string): string {
  return time.slice(0, 10).replaceAll('-', '');
}

interface Entry {
  chain: string;
  line: LineBase;
}

/** The lines of several segments of one day, the earliest first. */
async function* inOrder(folder: string, segments: readonly Segment[]): AsyncGenerator<Entry> {
  const sources = segments.map((segment) => entriesOf(folder, segment));
  const heads = await Promise.all(sources.map((source) => source.next()));
  for (;;) {
    let first: number | undefined;
    for (const [index, head] of heads.entries()) {
      const best = first === undefined ? undefined : heads[first];
      if (head.done === true) continue;
      if (best === undefined || best.done === true || head.value.line.time < best.value.line.time) {
        first = index;
      }
    }
    const source = first === undefined ? undefined : sources[first];
    const head = first === undefined ? undefined : heads[first];
    if (first === undefined || source === undefined || head === undefined || head.done === true) {
      return;
    }
    yield head.value;
    heads[first] = await source.next();
  }
}

async function* entriesOf(
  folder: string,
  { name, chain }: Segment,
): AsyncGenerator<Entry, undefined> {
  for await (const { text, torn } of linesOf(join(folder, name))) {
    const line = torn === undefined ? parseLine(text) : undefined;
    if (line !== undefined) yield { chain, line };
  }
  return undefined;
}

function cellOf(value: unknown): string {
  if (value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  // What a spreadsheet would run as a formula is shown as the text that it is.
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

function lineOf(cells: readonly string[]): string {
  return `${cells.map((cell) => quoteIfNeeded(cell, ',')).join(',')}\r\n`;
}
