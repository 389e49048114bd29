/** Small archives harmed byte by byte, and opened with passwords that are not theirs. */
import {
  type EntryOptions,
  HEADER,
  ndjson,
  pack,
  PASSWORD,
  ROW,
  rowsOfArchive,
} from '../rows/read/helpers.ts';
import { ArchiveError } from '../../src/rows/read/index.ts';

const CSV = `${HEADER}\n${ROW.join(';')}\n`;
/** What each of the archives holds. */
export const ROWS_OF_ARCHIVES = ndjson([ROW]);

const LOCKS: readonly (readonly [string, EntryOptions])[] = [
  ['ZipCrypto', { zipCrypto: true }],
  ['AES', { encryptionStrength: 3 }],
];
const FORMS: readonly (readonly [string, EntryOptions])[] = [
  ['stored', { level: 0 }],
  ['deflated', { level: 6 }],
];

export interface LockedArchive {
  /** "a.csv with ZipCrypto, stored". */
  label: string;
  bytes: Uint8Array;
}

/** A file of one row in each lock and form. */
export async function lockedArchives(type: 'csv' | 'json'): Promise<LockedArchive[]> {
  const name = `a.${type}`;
  const content = type === 'csv' ? CSV : `[${ROWS_OF_ARCHIVES.trim()}]`;
  const archives: LockedArchive[] = [];
  for (const [lock, lockOptions] of LOCKS) {
    for (const [form, formOptions] of FORMS) {
      const bytes = await pack([[name, content]], { ...lockOptions, ...formOptions });
      archives.push({ label: `${name} with ${lock}, ${form}`, bytes });
    }
  }
  return archives;
}

export interface Told {
  tried: number;
  /** How often each reason was told. */
  reasons: Record<string, number>;
  /** What gave other rows, or failed with an error that is none of the catalogue. */
  wrong: string[];
}

const newTold = (): Told => ({ tried: 0, reasons: {}, wrong: [] });

/** Opens one and notes what came of it. @returns whether it gave the right rows. */
async function open(
  told: Told,
  label: string,
  bytes: Uint8Array,
  password = PASSWORD,
): Promise<boolean> {
  told.tried += 1;
  try {
    const rows = await rowsOfArchive(bytes, password);
    if (rows !== ROWS_OF_ARCHIVES) told.wrong.push(`${label}: ${rows}`);
    return rows === ROWS_OF_ARCHIVES;
  } catch (error) {
    if (!(error instanceof ArchiveError)) told.wrong.push(`${label}: ${String(error)}`);
    else told.reasons[error.reason] = (told.reasons[error.reason] ?? 0) + 1;
    return false;
  }
}

/**
 * Harms one byte after the other: an error has to be told, or the very same rows.
 * @param masks for a byte: what it is combined with by exclusive or, one after the other.
 */
export async function harmEachByte(
  { label, bytes }: LockedArchive,
  masks: (at: number) => readonly number[],
): Promise<Told> {
  const told = newTold();
  for (const [at, byte] of bytes.entries()) {
    for (const mask of masks(at)) {
      await open(told, `${label}: byte ${at} ^ ${mask}`, bytes.with(at, byte ^ mask));
    }
  }
  return told;
}

/** Tries so many other passwords, and then the right one. */
export async function tryPasswords({ label, bytes }: LockedArchive, count: number): Promise<Told> {
  const told = newTold();
  for (let number = 0; number < count; number += 1) {
    const password = `Yanlis${number}`;
    if (await open(told, label, bytes, password)) told.wrong.push(`${label}: ${password} opens it`);
  }
  if (!(await open(told, label, bytes))) told.wrong.push(`${label}: its own password does not`);
  return told;
}
