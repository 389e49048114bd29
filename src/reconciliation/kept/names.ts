/**
 * What the files of a kept check are called: `<createdAt>.<processDate>.<ledger>.<filters>.<id>`, so that a list and a
 * history are made of names alone. What the caller named himself is a keyed digest there.
 */
import { join } from 'node:path';
import { isOlder, type PagePlace } from '../../lib/page.ts';

const STEM = /^(\d{13})\.(\d{8})\.([\w-]{22})\.([\w-]{22})\.([0-9a-f-]{36})$/;
const RECORD = '.check';

/** What a record is sealed for. */
export function purposeOf(id: string): string {
  return `check ${id}`;
}

/** Where the members' kept checks lie, each in a folder of its own. */
export function checksFolder(dataDir: string): string {
  return join(dataDir, 'checks');
}

export interface KeptName {
  /** Wall ms. */
  createdAt: number;
  /** `YYYYMMDD`. */
  processDate: string;
  ledgerTag: string;
  filtersTag: string;
  id: string;
}

/** 132 of a keyed digest's bits. @param fingerprint base64url. */
export function tagOf(fingerprint: string): string {
  return fingerprint.slice(0, 22);
}

export function stemOf({ createdAt, processDate, ledgerTag, filtersTag, id }: KeptName): string {
  return [String(createdAt).padStart(13, '0'), processDate, ledgerTag, filtersTag, id].join('.');
}

/** The sealed record: where it stands, the check is kept. */
export function recordFile(stem: string): string {
  return `${stem}${RECORD}`;
}

/** The sealed breaks beside it. */
export function breaksFile(stem: string): string {
  return `${stem}.breaks`;
}

/** @param file of a folder. @returns what a record's name tells; undefined for any other file. */
export function parseRecordFile(file: string): KeptName | undefined {
  if (!file.endsWith(RECORD)) return undefined;
  const [, createdAt, processDate = '', ledgerTag = '', filtersTag = '', id = ''] =
    STEM.exec(file.slice(0, -RECORD.length)) ?? [];
  if (createdAt === undefined) return undefined;
  return { createdAt: Number(createdAt), processDate, ledgerTag, filtersTag, id };
}

export function placeOf({ createdAt, id }: KeptName): PagePlace {
  return { time: createdAt, id };
}

/** In the order of their days, and of one day as they were made. */
export function inOrder(one: KeptName, other: KeptName): number {
  if (one.processDate !== other.processDate) return one.processDate < other.processDate ? -1 : 1;
  return isOlder(placeOf(one), placeOf(other)) ? -1 : 1;
}

/**
 * What a check has to look at of those before it, in order.
 *
 * The last of them tells since when its breaks are there, unless one of an earlier day was made after it: then its
 * word is old, and that of the last one whose word is not is carried on through all that follow.
 * @param names of the same ledger and filters, none of a later day than the check.
 */
export function historyOf(names: readonly KeptName[]): KeptName[] {
  const ordered = names.toSorted(inOrder);
  let newest = 0;
  let from = 0;
  for (const [at, { createdAt }] of ordered.entries()) {
    if (createdAt >= newest) from = at;
    newest = Math.max(newest, createdAt);
  }
  return ordered.slice(from);
}
