/** Fetches the report's files (MKS 6.2), checks them and keeps their rows. */
import { defined } from '../../lib/defined.ts';
import { MksError } from '../../mks/errors.ts';
import { ArchiveError } from '../../rows/read/errors.ts';
import { ReportGoneError, StorageFullError } from '../errors.ts';
import { ContentRefusedError } from '../fetcher.ts';
import type { Next, Run } from '../run.ts';
import {
  Code,
  endEmpty,
  endReady,
  fail,
  incomplete,
  isWaiting,
  pause,
  pauseMs,
  reject,
  rejection,
  retryOrWait,
  retryRead,
  startOver,
  startOverUnreadable,
  waitForOpening,
} from './common.ts';

/** A damaged archive is fetched again twice (rule 6). */
const MAX_REFETCHES = 2;
/** What another transfer may mend; the other faults are in the file that MKS made. */
const DAMAGE = new Set(['wrong-password', 'truncated', 'corrupt', 'not-a-zip']);

export async function fetchStep(run: Run): Promise<Next> {
  try {
    const fetched = await run.fetcher.fetch(run.record, run.token, run.signal);
    await endReady(run, fetched);
    return undefined;
  } catch (error) {
    if (error instanceof ContentRefusedError) return onRefusal(run, error);
    if (error instanceof ReportGoneError) return startOverUnreadable(run, error);
    if (error instanceof ArchiveError) return onArchiveError(run, error);
    if (error instanceof StorageFullError) {
      return fail(run, { code: 'storage-full', detail: error.message, retryable: true });
    }
    if (!(error instanceof MksError)) throw error;
    if (error.code === 'outside-service-hours') return waitForOpening(run, error);
    if (error.details.tooLarge === true) {
      return onArchiveError(run, new ArchiveError('too-large', error.message));
    }
    if (isWaiting(error.details.mksCode)) return pause(run);
    return retryOrWait(run, error);
  }
}

async function onRefusal(run: Run, { answer: message }: ContentRefusedError): Promise<Next> {
  if (isWaiting(message.code)) return pause(run);
  switch (message.code) {
    case Code.success:
      return retryRead(run, incomplete(message, 'a file'));
    case Code.noData:
      return endEmpty(run, message);
    case Code.unknownRefId:
      return startOver(run, message);
    case Code.referenceUsed:
      return retryRead(run, rejection(message));
    default:
      return reject(run, message);
  }
}

async function onArchiveError(run: Run, error: ArchiveError): Promise<Next> {
  const damaged = run.record.damaged + 1;
  if (!DAMAGE.has(error.reason) || damaged > MAX_REFETCHES) {
    return fail(run, {
      code: 'mks-archive-invalid',
      detail: error.message,
      reason: error.reason,
      outcome: 'unknown',
      ...defined({ senderReference: error.senderReference }),
    });
  }
  run.log.warn({ report: run.record.id, reason: error.reason, damaged }, 'fetching again');
  await run.change({ set: { damaged }, silent: true });
  return pauseMs(run.options.statusPollMs, damaged - 1);
}
