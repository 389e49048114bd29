/**
 * Asks MKS for the report (MKS 5.1): the one message that must not be sent carelessly.
 *
 * The sending is recorded before it leaves. Without an answer that says what became of it, the same
 * message goes again under the same reference (rule 1): after its deadline, or at once when a whole
 * answer without a messageId came. RP045 then says that the first was taken, so that report of ours
 * runs at MKS with a refId that nobody knows: it is waited out like any other running report
 * (RP003), and a new one is asked for.
 */
import { toIstanbulDate } from '../../lib/dates.ts';
import { defined } from '../../lib/defined.ts';
import { codeKind } from '../../mks/codes.ts';
import { MksError } from '../../mks/errors.ts';
import { balanceReport } from '../../mks/services/catalogue.ts';
import type { MksMessage } from '../../mks/types.ts';
import { ReportGoneError } from '../errors.ts';
import type { StoredReport } from '../record.ts';
import { decidingAnswer, fail, incomplete, reject, rejection } from './ends.ts';
import { pollPause } from './poll-pause.ts';
import { askAgain, failureOf, passingOf, waitOut, waitOutOrCount } from './retry.ts';
import type { Next, Run } from './step.ts';

/** The recorded deadline is another replica's wall clock at worst; Redis has the last word. */
const DEADLINE_MARGIN_MS = 50;

export async function requestStep(run: Run): Promise<Next> {
  const { sending } = run.record;
  if (sending !== undefined) {
    const leftMs = sending.deadline + DEADLINE_MARGIN_MS - run.clock.now();
    // No sending lasts longer, whatever another replica's wall clock said.
    const longestMs = run.options.requestTimeoutMs + DEADLINE_MARGIN_MS;
    if (leftMs > DEADLINE_MARGIN_MS) return Math.min(leftMs, longestMs);
  }
  const isResend = sending !== undefined;
  try {
    const answer = await send(run);
    switch (answer.kind) {
      case 'accepted':
        return await onAccepted(run, answer.message, answer.refId);
      case 'busy':
        return await waitForTurn(run, answer.message);
      case 'used':
        return isResend
          ? await waitForOwn(run, answer.message)
          : await onReferenceUsed(run, answer.message);
      case 'incomplete':
        return await fail(run, incomplete(answer));
      case 'rejected':
        return await reject(run, answer.message);
    }
  } catch (error) {
    if (error instanceof ReportGoneError) return renewSecrets(run);
    if (error instanceof MksError) return onError(run, error, isResend);
    throw error;
  }
}

function send(run: Run) {
  const { record } = run;
  return run.mks.ask(balanceReport, {
    memberCode: record.member,
    client: record.client,
    // Its answer is worth a few seconds more when the process closes.
    signal: run.lateSignal,
    body: {
      processDate: record.processDate,
      ...record.filters,
      zipPassword: run.secrets.open(record).zipPassword,
      fileType: run.options.fileType,
    },
    ...defined({ senderReference: record.sending?.senderReference }),
    beforeSend: async (sending) => {
      // What has not left by then is left to the next process.
      run.signal.throwIfAborted();
      await run.change({ set: { sending }, silent: true });
    },
  });
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

async function onAccepted(run: Run, message: MksMessage, refId: string): Promise<Next> {
  const now = run.clock.now();
  const mks = decidingAnswer(message);
  await run.change({
    set: {
      phase: 'status',
      state: 'preparing',
      refId,
      acceptedAt: now,
      acceptedOn: toIstanbulDate(now),
      expiresAt: now + run.options.retentionMs,
      mks,
      acceptance: mks,
      attempts: 0,
      pauses: 1,
    },
    remove: ['sending', 'waiting'],
  });
  return pollPause(run, 0);
}

/** The first sending was taken, and its report runs at MKS: nobody can take it back. */
function waitForOwn(run: Run, message?: MksMessage): Promise<Next> {
  return waitForTurn(run, message, { mayBeAtMks: true });
}

/** A report runs at MKS already, ours or another's: later again, with a new reference. */
async function waitForTurn(
  run: Run,
  message?: MksMessage,
  more: Pick<StoredReport, 'mayBeAtMks'> = {},
): Promise<Next> {
  const mks = message === undefined ? undefined : decidingAnswer(message);
  // It says nothing of answers that could not be believed: those go on being counted.
  await run.change({ set: { ...defined({ mks }), ...more }, remove: ['sending'], silent: true });
  return waitOut(run, { for: 'mks-busy', detail: 'a report is still being made at MKS' });
}

/** RP045 at the first sending: another system of the member's took this reference before. */
async function onReferenceUsed(run: Run, message: MksMessage): Promise<Next> {
  await run.change({ remove: ['sending'], silent: true });
  return askAgain(run, rejection(message));
}

async function onError(run: Run, error: MksError, isResend: boolean): Promise<Next> {
  const { mksCode = '', retryAfterMs } = error.details;
  if (error.code === 'conflict' && error.details.cannotSign === undefined) {
    // Under way elsewhere, or answered while nobody could write it down: then it was taken.
    return retryAfterMs === undefined ? waitForOwn(run) : retryAfterMs + DEADLINE_MARGIN_MS;
  }
  if (codeKind(mksCode) === 'wait') return waitForTurn(run);
  if (codeKind(mksCode) === 'used' && isResend) return waitForOwn(run);
  const isUntrusted = error.code === 'mks-untrusted-response';
  if (!isUntrusted && passingOf(error) === undefined) return fail(run, failureOf(error));
  await keepReference(run, error, isResend);
  const { sending } = run.record;
  if (error.code !== 'mks-unknown-outcome' || sending === undefined) {
    return waitOutOrCount(run, error);
  }
  const atLeastMs = sending.deadline + DEADLINE_MARGIN_MS - run.clock.now();
  return waitOut(run, { for: 'mks-unknown-outcome', detail: error.message, atLeastMs });
}

/** What the next sending goes under: the same reference wherever rule 1 lets it. */
async function keepReference(run: Run, error: MksError, isResend: boolean): Promise<void> {
  const { sending } = run.record;
  const { messageId } = error.details;
  if (sending === undefined) return;
  const isUnanswered = error.code === 'mks-unknown-outcome';
  if (messageId !== undefined || (error.outcome === 'not-sent' && !isResend)) {
    // Who gave a messageId may have taken the message in, unless he says that he refused it.
    const mayBeAtMks = isResend || error.outcome === 'unknown';
    await run.change({ set: mayBeAtMks ? { mayBeAtMks } : {}, remove: ['sending'], silent: true });
  } else if (!isUnanswered) {
    // A whole answer ends the sending; nothing has to be waited for any more.
    const over = { ...sending, deadline: Math.min(sending.deadline, run.clock.now()) };
    await run.change({ set: { sending: over }, silent: true });
  }
}
