/**
 * Archive → rows: the only module of this folder that others import.
 *
 * The scanners are written by hand, for an amount has to keep every digit that MKS wrote, memory has to
 * stay the same for ten million rows, and what can be read in two ways has to be refused. On a million
 * rows of JSON ours takes 1.15 s, a brace scan with `JSON.parse` a row 2.6 s (and 4.8 s if it keeps the
 * numbers' source text), stream-json 17 s; of CSV ours 1.0 s, csv-parse 4.5 s. A library would do as soon
 * as it gives a number's text as it stands, refuses a name that stands twice and a file that ends early,
 * bounds a row in bytes, and takes no more than twice our time; or if reports stayed below some 100,000
 * rows. See docs/decisions/0002-scanners.md.
 */
export { ArchiveError } from './errors.ts';
export { COLUMN_NAMES, FIELD_NAMES } from './fields.ts';
export { loadZip, type OpenArchive, openArchive } from './open-archive.ts';
export { type FileType, type RowFile, type RowsWritten, writeRows } from './write-rows.ts';
export type { RandomAccess } from './zip-directory.ts';
