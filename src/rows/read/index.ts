/** Archive → rows: the only module of this folder that others import. */
export { ArchiveError } from './errors.ts';
export { COLUMN_NAMES, FIELD_NAMES } from './fields.ts';
export { type OpenArchive, openArchive } from './open-archive.ts';
export { type FileType, type RowFile, type RowsWritten, writeRows } from './write-rows.ts';
export type { RandomAccess } from './zip-directory.ts';
