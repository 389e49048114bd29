/** What an error that holds a day up comes to. */
import { TrailUnavailableError } from '../trail/errors.ts';
import type { DayWaitingFor } from './days.ts';

/** The disk failed under the rows that were to be delivered: the spool's, and not the folder's. */
class RowsUnreadableError extends Error {
  override readonly name = 'RowsUnreadableError';
  readonly code: string;

  constructor(cause: { code?: string }) {
    super('the rows could not be read', { cause });
    this.code = cause.code ?? this.name;
  }
}

/** @returns what reading rows has failed with, so that a system's fault is not taken for the folder's. */
export function rowsFault(error: unknown): unknown {
  return 'syscall' in Object(error) ? new RowsUnreadableError(error as { code?: string }) : error;
}

/** @returns what the day waits for; a fault that knows a system's call is the folder's. */
export function causeOf(error: unknown): DayWaitingFor {
  if (error instanceof TrailUnavailableError) return 'trail-unavailable';
  return 'syscall' in Object(error) ? 'folder' : 'internal';
}

/** Never a path, never a content. */
export function wordOf(error: unknown): string {
  const { code, name } = error as { code?: string; name?: string };
  return code ?? name ?? 'failed';
}
