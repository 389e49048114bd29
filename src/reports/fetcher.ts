/**
 * Brings a report's files from MKS to the spool: download, seal, unlock, check, decode, seal.
 *
 * All or nothing: the files take their names only when every row of every file is good.
 */
import { createHash } from 'node:crypto';
import { createLimiter } from '../lib/limiter.ts';
import { reportContent, type ReportAnswer } from '../mks/services/catalogue.ts';
import type { Mks, MksArchive } from '../mks/types.ts';
import { distinctNames } from '../rows/distinct-names.ts';
import { ArchiveError, type FileType, openArchive } from '../rows/read/index.ts';
import { mergeRemarks, type Remark } from '../rows/remarks.ts';
import { decodeOpen, type Decoded, type DecodingTask } from './decoding/decode.ts';
import { createDecodingThreads } from './decoding/threads.ts';
import type { StoredReport } from './record.ts';
import type { ReportSecrets } from './secrets.ts';
import type { RandomReader } from './spool/frames.ts';
import type { Draft, Spool } from './spool/spool.ts';

/** Decoding is work for the processor: more at once only makes each slower. */
const DECODED_AT_ONCE = 2;

/** Files that unpack to no more are decoded where they are: handing them on takes longer. */
const DECODED_HERE_MAX_BYTES = 2 * 1024 * 1024;

/** An archive that is larger unpacks to more than that, as rows are packed: a thread is started for it, and opens it. */
const THREAD_FROM_BYTES = 256 * 1024;

/** MKS answered a request for a file with a signed message instead. */
export class ContentRefusedError extends Error {
  override readonly name = 'ContentRefusedError';
  readonly answer: ReportAnswer;

  constructor(answer: ReportAnswer) {
    super(`MKS answered ${answer.message.code}`);
    this.answer = answer;
  }
}

/** An archive that came from MKS just now, and the message that brought it. */
export class FetchedArchiveError extends ArchiveError {
  readonly senderReference: string;

  constructor({ reason, message, cause }: ArchiveError, senderReference: string) {
    super(reason, message, cause);
    this.senderReference = senderReference;
  }
}

function throwNamed(error: unknown, { senderReference }: MksArchive): never {
  throw error instanceof ArchiveError ? new FetchedArchiveError(error, senderReference) : error;
}

export interface Fetched {
  rowCount: number;
  /** Names of the decrypted files, no two the same. */
  files: string[];
  /** SHA-256 over the digests of each file's rows, hex. */
  digest: string;
  /** What the rows say that was not asked for. */
  remarks: Remark[];
}

export interface Fetcher {
  /**
   * @param draftName unique to this attempt.
   * @throws MksError, ContentRefusedError, FetchedArchiveError, StorageFullError.
   */
  fetch(record: StoredReport, draftName: string, signal: AbortSignal): Promise<Fetched>;
}

export function createFetcher(deps: {
  mks: Mks;
  spool: Spool;
  secrets: ReportSecrets;
  fileMaxBytes: number;
  /** What MKS is asked for. */
  fileType: FileType;
}): Fetcher {
  const { mks, spool, secrets, fileMaxBytes, fileType } = deps;
  const decoding = createLimiter(DECODED_AT_ONCE);
  const threads = createDecodingThreads();

  async function decodeFile(
    reader: RandomReader,
    task: DecodingTask,
    signal: AbortSignal,
  ): Promise<Decoded> {
    if (reader.size <= THREAD_FROM_BYTES) {
      const file = await openArchive(reader, task.zipPassword, task.limits);
      if (file.unpackedBytes <= DECODED_HERE_MAX_BYTES) return decodeOpen(file, task);
      await file.close();
    }
    return threads.decode(task, signal);
  }

  return {
    async fetch(record, draftName, signal) {
      const { zipPassword, spoolKey } = secrets.open(record);
      const draft = await spool.draft(record.id, spoolKey, draftName);
      try {
        const files = [];
        for (const [n, fileName] of (record.fileNames ?? []).entries()) {
          const archive = await download(mks, record, fileName, signal);
          const stream = telling(archive.stream, THREAD_FROM_BYTES, () => threads.prepare());
          const reader = await keep(draft, n, { ...archive, stream });
          const task: DecodingTask = {
            ...draft.files(n),
            zipPassword,
            limits: { fileMaxBytes, fileType },
            asked: { member: record.member, processDate: record.processDate },
          };
          const decoded = decoding(() => decodeFile(reader, task, signal));
          files.push(await decoded.catch((error: unknown) => throwNamed(error, archive)));
          signal.throwIfAborted();
        }
        await draft.commit();
        return {
          rowCount: files.reduce((sum, file) => sum + file.rowCount, 0),
          files: distinctNames(files.map((file) => file.name)),
          remarks: mergeRemarks(files.flatMap((file) => file.remarks)),
          digest: createHash('sha256')
            .update(files.map((file) => file.digest).join())
            .digest('hex'),
        };
      } catch (error) {
        await draft.discard();
        throw error;
      }
    },
  };
}

/** @throws ContentRefusedError when MKS answers with a message; MksError. */
async function download(
  mks: Mks,
  record: StoredReport,
  fileName: string,
  signal: AbortSignal,
): Promise<MksArchive> {
  const answer = await mks.ask(reportContent, {
    memberCode: record.member,
    client: record.client,
    signal,
    body: { refId: record.refId ?? '', fileName },
  });
  if (answer.kind !== 'file') throw new ContentRefusedError(answer);
  return answer.archive;
}

/** The same pieces; calls once more than so many bytes have come. */
async function* telling(
  pieces: AsyncIterable<Uint8Array>,
  moreThanBytes: number,
  call: () => void,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const piece of pieces) {
    const before = bytes;
    bytes += piece.length;
    if (before <= moreThanBytes && bytes > moreThanBytes) call();
    yield piece;
  }
}

/** Takes an archive in, or lets go of it. */
async function keep(draft: Draft, n: number, archive: MksArchive): Promise<RandomReader> {
  try {
    return await draft.archive(n, archive.stream);
  } catch (error) {
    archive.cancel();
    throw error;
  }
}
