/** A sealed archive into sealed rows, from one file to the other, in whichever thread it is called. */
import { type FileType, type OpenArchive, openArchive, writeRows } from '../../rows/read/index.ts';
import type { Asked, Remark } from '../../rows/remarks.ts';
import { openRandomReader, type SealedFile } from '../spool/frames.ts';
import { createRowWriter } from '../spool/row-writer.ts';

/** What goes to another thread holds nothing but plain values and bytes. */
export interface DecodingTask {
  archive: SealedFile;
  /** What is written. */
  rows: SealedFile;
  zipPassword: string;
  limits: { fileMaxBytes: number; fileType: FileType };
  /** What each row should say. */
  asked: Asked;
}

export interface Decoded {
  /** The name of the decrypted file. */
  name: string;
  rowCount: number;
  remarks: Remark[];
  /** SHA-256 of the rows, hex. */
  digest: string;
}

/**
 * When it throws, the file of rows may have been begun, and nobody holds it open.
 * @param begin how the file of rows is begun, wherever it is written.
 * @throws ArchiveError, StorageFullError, SpoolDamagedError.
 */
export async function decode(task: DecodingTask, begin = createRowWriter): Promise<Decoded> {
  const { path, key, context } = task.archive;
  const reader = await openRandomReader(path, key, context);
  try {
    return await decodeOpen(await openArchive(reader, task.zipPassword, task.limits), task, begin);
  } finally {
    await reader.close();
  }
}

/**
 * The same of an archive that is open already; it is closed with it.
 * @throws as `decode`.
 */
export async function decodeOpen(
  file: OpenArchive,
  task: Pick<DecodingTask, 'rows' | 'asked'>,
  begin = createRowWriter,
): Promise<Decoded> {
  let rows = await begin(task.rows);
  try {
    const { rowCount, remarks } = await writeRows(
      file,
      (lines) => rows.write(lines),
      async () => {
        await rows.abandon();
        rows = await begin(task.rows);
      },
      task.asked,
    );
    return { name: file.name, rowCount, remarks, digest: await rows.finish() };
  } catch (error) {
    await rows.abandon();
    throw error;
  } finally {
    await file.close();
  }
}
