/** What an error that holds a day up comes to. */
import { TrailUnavailableError } from '../trail/errors.ts';
import type { DayWaitingFor } from './days.ts';

/** @returns what the day waits for; a fault that knows a system's code is the folder's. */
export function causeOf(error: unknown): DayWaitingFor {
  if (error instanceof TrailUnavailableError) return 'trail-unavailable';
  return 'syscall' in Object(error) ? 'folder' : 'internal';
}

/** Never a path, never a content. */
export function wordOf(error: unknown): string {
  const { code, name } = error as { code?: string; name?: string };
  return code ?? name ?? 'failed';
}
