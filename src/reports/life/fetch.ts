/** Fetches the report's files (MKS 6.2), checks them and keeps their rows. */
import { defined } from '../../lib/defined.ts';
import { codeKind } from '../../mks/codes.ts';
import { MksError } from '../../mks/errors.ts';
import { ArchiveError } from '../../rows/read/errors.ts';
import { ReportGoneError, StorageFullError } from '../errors.ts';
import { ContentRefusedError, FetchedArchiveError } from '../fetcher.ts';
import {
  endEmpty,
  endReady,
  fail,
  incomplete,
  reject,
  rejection,
  startOver,
  startOverUnreadable,
} from './ends.ts';
import { askAgain, pause, pauseMs, waitOutOrCount } from './retry.ts';
import type { Next, Run } from './step.ts';

/** A damaged archive is fetched again twice (rule 6). */
const MAX_REFETCHES = 2;
/** What another transfer may mend; the other faults are in the file that MKS made. */
const DAMAGE = new Set(['wrong-password', 'truncated', 'corrupt', 'not-a-zip']);

export async function fetchStep(run: Run): Promise<Next> {
  try {
    return await endReady(run, await run.fetcher.fetch(run.record, run.token, run.signal));
  } catch (error) {
    if (error instanceof ContentRefusedError) return onRefusal(run, error);
    if (error instanceof ReportGoneError) return startOverUnreadable(run, error);
    if (error instanceof FetchedArchiveError) {
      return onArchiveError(run, error, error.senderReference);
    }
    if (error instanceof StorageFullError) {
      return fail(run, { code: 'storage-full', detail: error.message, retryable: true });
    }
    if (!(error instanceof MksError)) throw error;
    if (error.details.tooLarge === true) {
      const tooLarge = new ArchiveError('too-large', error.message);
      return onArchiveError(run, tooLarge, error.details.senderReference);
    }
    if (codeKind(error.details.mksCode ?? '') === 'wait') return pause(run);
    return waitOutOrCount(run, error);
  }
}

async function onRefusal(run: Run, { answer }: ContentRefusedError): Promise<Next> {
  switch (answer.kind) {
    case 'waiting':
      return pause(run);
    case 'empty':
      return endEmpty(run, answer.message);
    case 'gone':
      return startOver(run, answer.message);
    case 'used':
      return askAgain(run, rejection(answer.message));
    case 'incomplete':
      return askAgain(run, incomplete(answer));
    case 'rejected':
      return reject(run, answer.message);
  }
}

async function onArchiveError(
  run: Run,
  error: ArchiveError,
  senderReference?: string,
): Promise<Next> {
  const damaged = run.record.damaged + 1;
  if (!DAMAGE.has(error.reason) || damaged > MAX_REFETCHES) {
    return fail(run, {
      code: 'mks-archive-invalid',
      detail: error.message,
      reason: error.reason,
      outcome: 'unknown',
      ...defined({ senderReference }),
    });
  }
  run.log.warn({ report: run.record.id, reason: error.reason, damaged }, 'fetching again');
  await run.change({ set: { damaged }, silent: true });
  return pauseMs(run.options.statusPollMs, damaged - 1);
}
