/** The report desk's own typed errors. */

/** The report's rows are gone: its time here and at MKS is over. */
export class ReportGoneError extends Error {
  override readonly name = 'ReportGoneError';

  constructor(cause?: unknown) {
    super('the report is no longer kept, here or at MKS', { cause });
  }
}

/** The disk took no more; nothing of the report is kept. */
export class StorageFullError extends Error {
  override readonly name = 'StorageFullError';

  constructor(cause: unknown) {
    super('the spool has no room', { cause });
  }
}

const NO_ROOM = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS']);

/** What a write has failed with: a StorageFullError where the disk takes no more, else the error as it came. */
export function writeFault(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return NO_ROOM.has(code) ? new StorageFullError(error) : error;
}

/** A kept file is not what was written: damaged, cut short or of another report. */
export class SpoolDamagedError extends Error {
  override readonly name = 'SpoolDamagedError';

  constructor(message: string, cause?: unknown) {
    super(message, { cause });
  }
}

/** More read large reports than there are turns, and waited too long for one. */
export class TooManyReadersError extends Error {
  override readonly name = 'TooManyReadersError';

  constructor() {
    super('too many read large reports at the same time');
  }
}

/** This run is no longer the one that may work on the report: it stops without a trace. */
export class RunSupersededError extends Error {
  override readonly name = 'RunSupersededError';

  constructor() {
    super('another run owns the report, or it has ended');
  }
}
