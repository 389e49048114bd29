/**
 * Opens what a ready report holds: from the spool, or from MKS again while its refId lives.
 *
 * Every frame of the rows is authenticated before the first byte is given out, so a file that was
 * damaged on the disk is fetched again and not half delivered.
 */
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Clock } from '../lib/clock.ts';
import { MksError } from '../mks/errors.ts';
import { ArchiveError } from '../rows/read/errors.ts';
import { type FileType, openArchive } from '../rows/read/index.ts';
import { ReportGoneError, SpoolDamagedError } from './errors.ts';
import { ContentRefusedError, type Fetcher } from './fetcher.ts';
import type { StoredReport } from './record.ts';
import type { ReportSecrets, Secrets } from './secrets.ts';
import type { Spool } from './spool/spool.ts';
import type { ReportStore } from './store.ts';
import type { Desk } from './types.ts';

/** MKS 5.1.5: a refId is good for 24 hours. */
const REF_ID_LIFE_MS = 24 * 60 * 60 * 1000;

interface OpenerDeps {
  store: ReportStore;
  spool: Spool;
  secrets: ReportSecrets;
  fetcher: Fetcher;
  clock: Clock;
  log: Logger;
  fileMaxBytes: number;
  fileType: FileType;
}

/** Sees to it that a ready report's files are there and whole: fetched again where they are not. */
function createWithFiles(deps: Omit<OpenerDeps, 'store' | 'fileMaxBytes' | 'fileType'>) {
  const { spool, secrets, fetcher, clock, log } = deps;
  const underWay = new Map<string, Promise<void>>();

  /** One fetch at a time a report, however many ask. */
  function fetchAgain(record: StoredReport): Promise<void> {
    const found = underWay.get(record.id);
    if (found !== undefined) return found;
    const fetching = fetchOnce(record).finally(() => underWay.delete(record.id));
    underWay.set(record.id, fetching);
    return fetching;
  }
  async function fetchOnce(record: StoredReport): Promise<void> {
    if (clock.now() >= (record.acceptedAt ?? 0) + REF_ID_LIFE_MS) throw new ReportGoneError();
    log.info({ report: record.id, member: record.member }, 'the files are not here: fetching');
    try {
      const fetched = await fetcher.fetch(record, randomUUID(), new AbortController().signal);
      if (fetched.digest === record.digest) return;
      await spool.remove([record.id]);
      throw new ArchiveError('corrupt', 'MKS gave other rows than before');
    } catch (error) {
      if (!(error instanceof ContentRefusedError)) throw error;
      const { kind, message } = error.answer;
      if (kind === 'gone') throw new ReportGoneError();
      const { code, service, senderReference } = message;
      const details = {
        outcome: 'refused',
        mksCode: code,
        verified: true,
        service,
        senderReference,
      } as const;
      throw new MksError('mks-error', `MKS answered ${code}`, details, error);
    }
  }

  /** Does `use` with the files; when they are missing or damaged, once more with new ones. */
  return async function withFiles<T>(
    record: StoredReport,
    use: (keys: Secrets) => Promise<T>,
  ): Promise<T> {
    const opened = secrets.open(record);
    try {
      if (await spool.has(record.id, record.files?.length ?? 0)) return await use(opened);
    } catch (error) {
      if (!(error instanceof SpoolDamagedError) && !isMissing(error)) throw error;
      log.error({ err: error, report: record.id }, 'a kept file is damaged');
      await spool.remove([record.id]);
    }
    await fetchAgain(record);
    return use(opened);
  };
}

export function createOpener(deps: OpenerDeps): Pick<Desk, 'openRows' | 'openFile' | 'rowFiles'> {
  const { store, spool } = deps;
  const withFiles = createWithFiles(deps);

  async function readyRecord(id: string): Promise<StoredReport> {
    const record = await store.get(id);
    if (record?.state !== 'ready') throw new ReportGoneError();
    return record;
  }

  return {
    async openRows({ id }) {
      const record = await readyRecord(id);
      const { files: { length: count } = [], rowCount = 0 } = record;
      if (count === 0) return { rowCount, bytes: nothing, lines: nothing };
      return withFiles(record, async ({ spoolKey }) => {
        await spool.verify(id, spoolKey, count);
        return {
          rowCount,
          bytes: () => spool.plainRows(id, spoolKey, count),
          lines: () => spool.rowLines(id, spoolKey, count),
          ...(count === 1 && { zstd: () => spool.zstdRows(id, spoolKey, count) }),
        };
      });
    },
    async rowFiles({ id }) {
      const record = await readyRecord(id);
      const { files = [], rowCount = 0 } = record;
      const count = files.length;
      if (count === 0) return { rowCount, files: [] };
      return withFiles(record, async ({ spoolKey }) => {
        await spool.verify(id, spoolKey, count);
        return { rowCount, files: spool.rowFiles(id, spoolKey, count) };
      });
    },
    async openFile({ id }, name) {
      const record = await readyRecord(id);
      const n = record.files?.indexOf(name) ?? -1;
      if (n === -1) throw new RangeError('the report has no such file');
      return withFiles(record, async ({ spoolKey, zipPassword }) => {
        const reader = await spool.openKept(id, spoolKey, n);
        const { fileMaxBytes, fileType } = deps;
        const file = await openArchive(reader, zipPassword, { fileMaxBytes, fileType }).catch(
          async (error) => {
            await reader.close();
            throw error;
          },
        );
        let closing: Promise<void> | undefined;
        const closeBoth = async (): Promise<void> => {
          await file.close();
          await reader.close();
        };
        const close = (): Promise<void> => (closing ??= closeBoth());
        return {
          name,
          type: file.type,
          close,
          async *stream() {
            try {
              yield* file.stream();
            } finally {
              await close();
            }
          },
        };
      });
    },
  };
}

async function* nothing(): AsyncGenerator<Buffer> {}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
