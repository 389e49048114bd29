/** The same by the gateway: its parsers of reports and ledgers, and its comparison, as a thread of it runs them. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { csvBytes, fileBytes } from '../../../sandbox/data/file-bytes.ts';
import { checkLedger } from '../../../src/reconciliation/check.ts';
import { compare } from '../../../src/reconciliation/compare.ts';
import {
  closeScratch,
  createScratchWriter,
  openScratch,
  type Piece,
  readPieces,
  type Scratch,
} from '../../../src/reconciliation/scratch.ts';
import type { SealedFile } from '../../../src/reports/spool/frames.ts';
import { createRowWriter } from '../../../src/reports/spool/row-writer.ts';
import { writeRows } from '../../../src/rows/read/index.ts';
import { unitsOf } from './amounts.ts';
import type { Found, Told } from './duckdb.ts';
import { type Pair, POSITION, type Report } from './pairs.ts';

type Line = Record<string, string>;

/** A report's file in its shape, read and kept as the spool keeps it. */
export async function keepReport(folder: string, report: Report): Promise<SealedFile> {
  const { rows, fileType, shape } = report;
  const name = randomBytes(8).toString('hex');
  const sealed = { path: join(folder, name), key: randomBytes(32), context: name };
  let writer = await createRowWriter(sealed);
  const file = {
    type: fileType,
    stream: () => fileBytes(rows, fileType, shape),
    verify: async () => undefined,
  };
  const restart = async (): Promise<void> => {
    await writer.abandon();
    writer = await createRowWriter(sealed);
  };
  await writeRows(file, (piece) => writer.write(piece), restart);
  await writer.finish();
  return sealed;
}

export async function changes(
  folder: string,
  from: SealedFile,
  to: SealedFile,
  rowCount: number,
): Promise<Told> {
  const into = openScratch(folder);
  try {
    const compared = await compare({ from: [from], to: [to], rowCount, folder, into });
    const lines = linesOf(into, compared.pieces);
    return { found: foundIn(lines, POSITION, 'change'), counts: { ...compared.counts } };
  } finally {
    closeScratch(into);
  }
}

export async function check(
  folder: string,
  rows: SealedFile,
  { ledger, tolerance, toldRowCount }: Pair,
): Promise<Told & { compared: string[] }> {
  const [scratch, into] = [openScratch(folder), openScratch(folder)];
  try {
    const write = createScratchWriter(scratch);
    const bytes = await Array.fromAsync(csvBytes(ledger.lines, ledger.shape, ledger.columns));
    const kept = { scratch, pieces: bytes.map(write), bytes: Buffer.concat(bytes).length };
    const task = { ledger: kept, rows: [rows], rowCount: toldRowCount, folder, into };
    const checked = await checkLedger(tolerance === undefined ? task : { ...task, tolerance });
    const lines = linesOf(into, checked.pieces);
    const { matched, withinTolerance, onlyInLedger, onlyAtMks, different } = checked.counts;
    const counts = {
      same: matched - withinTolerance,
      within: withinTolerance,
      'only-in-ledger': onlyInLedger,
      'only-at-mks': onlyAtMks,
      different,
    };
    const { compared } = checked;
    return { found: foundIn(lines, compared, 'break'), counts, compared };
  } finally {
    closeScratch(scratch);
    closeScratch(into);
  }
}

function linesOf(scratch: Scratch, pieces: readonly Piece[]): Line[] {
  const text = [...readPieces(scratch, pieces)].map(String).join('');
  return text.split('\n').slice(0, -1).map((line) => JSON.parse(line) as Line); // prettier-ignore
}

/** @throws where a difference is not the one of its amounts, or they do not come sorted and each once. */
export function foundIn(
  lines: readonly Line[],
  fields: readonly string[],
  kind: 'break' | 'change',
): Found {
  const [first, second] =
    kind === 'break' ? (['ledger', 'mks'] as const) : (['before', 'after'] as const);
  const found: Found = new Map();
  let last: Buffer | undefined;
  for (const line of lines) {
    const [one, other] = [line[first], line[second]];
    const more = kind === 'break' ? difference(one, other) : difference(other, one);
    if (unitsOf(line['difference'] ?? '') !== more) throw new Error(JSON.stringify(line));
    const position = fields.map((name) => line[name] ?? '');
    const place = Buffer.from(position.map((value) => JSON.stringify(value).slice(1, -1)).join('\u001f')); // prettier-ignore
    if (last !== undefined && Buffer.compare(last, place) >= 0) throw new Error('not sorted');
    last = place;
    found.set(JSON.stringify(position), [line[kind] ?? '', units(one), units(other), line['cause'] ?? '']); // prettier-ignore
  }
  return found;
}

function difference(one = '0', other = '0'): bigint {
  return unitsOf(one) - unitsOf(other);
}

function units(text: string | undefined): string {
  return text === undefined ? '' : String(unitsOf(text));
}
