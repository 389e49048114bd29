/** What the threads say to each other: a task one way, and what became of it the other. */
import { ArchiveError, type ArchiveFault } from '../../rows/read/errors.ts';
import { ReportGoneError, SpoolDamagedError, StorageFullError } from '../errors.ts';
import type { Decoded } from './decode.ts';

export type Reply = { decoded: Decoded } | { failure: Failure };

/** An error without its class, which does not survive the way from one thread to another. */
export interface Failure {
  kind: 'archive' | 'storage-full' | 'spool-damaged' | 'report-gone' | 'other';
  message: string;
  reason?: ArchiveFault;
  /** As Node names it, e.g. ENOENT. */
  code?: string;
  /** The error and its causes, for the log. */
  trace: string;
}

export function toFailure(error: unknown): Failure {
  const known = error instanceof Error ? error : new Error(String(error));
  const { message } = known;
  const trace = traceOf(known);
  if (known instanceof ArchiveError) {
    return { kind: 'archive', message, reason: known.reason, trace };
  }
  if (known instanceof StorageFullError) return { kind: 'storage-full', message, trace };
  if (known instanceof SpoolDamagedError) return { kind: 'spool-damaged', message, trace };
  if (known instanceof ReportGoneError) return { kind: 'report-gone', message, trace };
  const code = 'code' in known ? { code: String(known.code) } : {};
  return { kind: 'other', message, trace, ...code };
}

/** The error again as it was thrown; what it came from is its cause. */
export function toError({ kind, message, reason, code, trace }: Failure): Error {
  const cause = Object.assign(new Error(message), { stack: trace });
  switch (kind) {
    case 'archive':
      return new ArchiveError(reason ?? 'corrupt', message, cause);
    case 'storage-full':
      return new StorageFullError(cause);
    case 'spool-damaged':
      return new SpoolDamagedError(message, cause);
    case 'report-gone':
      return new ReportGoneError(cause);
    case 'other':
      return code === undefined ? cause : Object.assign(cause, { code });
  }
}

function traceOf(error: Error): string {
  const own = error.stack ?? error.message;
  return error.cause instanceof Error ? `${own}\ncaused by ${traceOf(error.cause)}` : own;
}
