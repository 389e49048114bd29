/** One report: what was asked for, how its files are written, how far it is. */
import { join } from 'node:path';
import { writeArchive, type ArchiveEntry } from '../archives/archive.ts';
import type { Row } from '../data/columns.ts';
import { fileBytes, type FileType } from '../data/file-bytes.ts';
import { rowsBetween, type RowRequest } from '../data/rows.ts';
import type { Shape } from '../shape.ts';

export interface ReportRequest {
  member: string;
  processDate: string;
  filters: NonNullable<RowRequest['filters']>;
  fileType: FileType;
  zipPassword: string;
}

/** `building` until the files are written; `empty` when no row meets the filters. */
export type ReportState = 'building' | 'built' | 'empty' | 'failed';

export interface Report {
  refId: string;
  request: ReportRequest;
  rowRequest: RowRequest;
  shape: Shape;
  acceptedAtMs: number;
  state: ReportState;
  files: ReportFile[];
  /** Settles, never rejecting, when `state` has left `building`. */
  built: Promise<void>;
}

export interface ReportFile {
  /** As the status service tells it: `MKK_RP166_20250729100251.zip`. */
  fileName: string;
  /** Name of the file inside. */
  entryName: string;
  /** Where the archive lies. */
  path: string;
  firstRow: number;
  endRow: number;
}

/** Plans a report's files; its rows are shared out evenly among them. */
export function planFiles(
  directory: string,
  report: Pick<Report, 'refId' | 'request' | 'shape'>,
  reportType: 'RP013' | 'RP166',
  stamp: string,
): ReportFile[] {
  const { rows, files } = report.shape;
  return Array.from({ length: files }, (_, index) => {
    const name = `MKK_${reportType}_${stamp}${index === 0 ? '' : `_${index + 1}`}`;
    return {
      fileName: `${name}.zip`,
      entryName: `${name}.${report.request.fileType}`,
      path: join(directory, `${report.refId}-${index + 1}.zip`),
      firstRow: Math.floor((rows * index) / files),
      endRow: Math.floor((rows * (index + 1)) / files),
    };
  });
}

/** Writes the report's archives one after another. @returns how many rows they hold. */
export async function writeFiles(report: Report, signal: AbortSignal): Promise<number> {
  let rowCount = 0;
  for (const file of report.files) {
    const entry = entryOf(report, file, () => (rowCount += 1));
    const { zipPassword } = report.request;
    await writeArchive(file.path, [entry], zipPassword, report.shape, signal);
  }
  return rowCount;
}

/** The file that the archive holds; `onRow` is called for each row as it is written. */
export function entryOf(report: Report, file: ReportFile, onRow?: () => void): ArchiveEntry {
  const rows = rowsBetween(report.rowRequest, file.firstRow, file.endRow);
  const content = fileBytes(watched(rows, onRow), report.request.fileType, report.shape);
  return { name: file.entryName, content };
}

function* watched(rows: Iterable<Row>, onRow: (() => void) | undefined): Generator<Row> {
  for (const row of rows) {
    onRow?.();
    yield row;
  }
}
