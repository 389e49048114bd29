/**
 * Asks MKS for the report (MKS 5.1): the one message that must not be sent carelessly.
 *
 * The sending is recorded before it leaves. Without an answer the same message goes again under
 * the same reference when its deadline has passed; RP045 then says that the first was taken, so
 * that report of ours runs at MKS with a refId that nobody knows: it is waited out like any other
 * running report (RP003), and a new one is asked for.
 */
import { toIstanbulDate } from '../../lib/dates.ts';
import { MksError } from '../../mks/errors.ts';
import type { MksMessage } from '../../mks/types.ts';
import { ReportGoneError } from '../errors.ts';
import type { Next, Run } from '../run.ts';
import {
  Code,
  endEmpty,
  fail,
  failureOf,
  incomplete,
  isTransient,
  pause,
  reject,
  rejection,
  retryRead,
  verdictOf,
  waitForOpening,
} from './common.ts';

const SERVICE = 'reports/account/balance-report';
/** The recorded deadline is another replica's wall clock at worst; Redis has the last word. */
const DEADLINE_MARGIN_MS = 50;

export async function requestStep(run: Run): Promise<Next> {
  const { sending } = run.record;
  if (sending !== undefined) {
    const leftMs = sending.deadline + DEADLINE_MARGIN_MS - run.clock.now();
    // No sending lasts longer, whatever another replica's wall clock said.
    const longestMs = run.options.requestTimeoutMs + DEADLINE_MARGIN_MS;
    if (leftMs > 0) return Math.min(leftMs, longestMs);
  }
  try {
    return await onAnswer(run, await send(run), sending !== undefined);
  } catch (error) {
    if (error instanceof ReportGoneError) return renewSecrets(run);
    if (error instanceof MksError) return onError(run, error, sending !== undefined);
    throw error;
  }
}

async function send(run: Run): Promise<MksMessage> {
  const { record } = run;
  const answer = await run.mks.call({
    memberCode: record.member,
    service: SERVICE,
    client: record.client,
    signal: run.signal,
    body: {
      processDate: record.processDate,
      ...record.filters,
      zipPassword: run.secrets.open(record).zipPassword,
      fileType: run.options.fileType,
    },
    ...(record.sending !== undefined && { senderReference: record.sending.senderReference }),
    beforeSend: (sending) => run.change({ set: { sending }, silent: true }),
  });
  if (answer.kind === 'message') return answer;
  answer.cancel();
  throw new MksError('mks-error', 'a file came where a message was due', { outcome: 'unknown' });
}

/**
 * The signing key that sealed the secrets is gone: the report is asked for with new ones. If a
 * message with the old ones was taken, nobody could read its report; MKS answers RP003 until it ends.
 */
async function renewSecrets(run: Run): Promise<Next> {
  const { id, member } = run.record;
  run.log.warn({ report: id, member }, 'no key opens the report: asking with a new zip password');
  const secret = run.secrets.make(member, id);
  await run.change({ set: { secret }, remove: ['sending'], silent: true });
  return 0;
}

async function onAnswer(run: Run, message: MksMessage, isResend: boolean): Promise<Next> {
  const refId = message.payload['refId'];
  switch (message.code) {
    case Code.success: {
      if (typeof refId !== 'string' || refId === '') return fail(run, incomplete(message, 'refId'));
      const now = run.clock.now();
      await run.change({
        set: {
          phase: 'status',
          state: 'preparing',
          refId,
          acceptedAt: now,
          acceptedOn: toIstanbulDate(now),
          expiresAt: now + run.options.retentionMs,
          mks: verdictOf(message),
          attempts: 0,
          pauses: 0,
        },
        remove: ['sending'],
      });
      return pause(run);
    }
    case Code.busy:
      return waitForTurn(run, message);
    case Code.referenceUsed:
      return isResend ? waitForTurn(run, message) : onReferenceUsed(run, message);
    case Code.noData:
      return endEmpty(run, message);
    default:
      return reject(run, message);
  }
}

/** A report runs at MKS already, ours or another's: later again, with a new reference. */
async function waitForTurn(run: Run, message?: MksMessage): Promise<Next> {
  await run.change({
    set: { attempts: 0, ...(message !== undefined && { mks: verdictOf(message) }) },
    remove: ['sending'],
  });
  return pause(run);
}

/** RP045 at the first sending: another system of the member's took this reference before. */
async function onReferenceUsed(run: Run, message: MksMessage): Promise<Next> {
  await run.change({ remove: ['sending'], silent: true });
  return retryRead(run, rejection(message));
}

async function onError(run: Run, error: MksError, isResend: boolean): Promise<Next> {
  const { mksCode, retryAfterMs } = error.details;
  switch (error.code) {
    case 'outside-service-hours':
      return waitForOpening(run, error);
    case 'mks-unknown-outcome':
      // Recorded as sent: the next run sends it again when its deadline has passed.
      if (error.outcome === 'unknown') return 1;
      break;
    case 'conflict':
      // Under way elsewhere, or answered while nobody could write it down: then it was taken.
      if (retryAfterMs !== undefined) return retryAfterMs + DEADLINE_MARGIN_MS;
      return waitForTurn(run);
    default:
      if (mksCode === Code.busy) return waitForTurn(run);
      if (mksCode === Code.referenceUsed && isResend) return waitForTurn(run);
  }
  // Nobody can say what became of it, and it is not a read: it is told, and not asked for again.
  if (!isTransient(error) || error.outcome === 'unknown') return fail(run, failureOf(error));
  await run.change({ remove: ['sending'], silent: true });
  return retryRead(run, failureOf(error));
}
