/** How a report's life ends or starts over, and what its askers are told of MKS's answer. */
import { defined } from '../../lib/defined.ts';
import { findResultCode } from '../../mks/codes.ts';
import type { Said } from '../../mks/services/catalogue.ts';
import type { MksMessage } from '../../mks/types.ts';
import type { Remark } from '../../rows/remarks.ts';
import type { DecidingAnswer, Failure } from '../types.ts';
import { writePatiently } from './patient-write.ts';
import type { Next, Run } from './step.ts';

/** What an answer decided, for the askers to see. */
export function decidingAnswer(message: MksMessage): DecidingAnswer {
  const { code, description, service, senderReference, messageId } = message;
  return { code, description, service, senderReference, ...defined({ messageId }) };
}

/** The failure that MKS's signed business code is. */
export function rejection(message: MksMessage): Failure {
  return {
    code: 'mks-rejected',
    detail: `MKS answered ${message.code}`,
    outcome: 'refused',
    senderReference: message.senderReference,
    mks: decidingAnswer(message),
  };
}

/** The upstream error of a message that says yes but leaves out what it should bring. */
export function incomplete({ message, what }: Said<'incomplete'> & { what: string }): Failure {
  return {
    code: 'mks-error',
    detail: `MKS answered ${message.code} without ${what}`,
    outcome: 'unknown',
    senderReference: message.senderReference,
  };
}

/** The report has failed. The slot is free with it. */
export async function fail(run: Run, failure: Failure, remarks?: Remark[]): Promise<undefined> {
  await run.change({
    set: { failure, ...defined({ mks: failure.mks, remarks }) },
    remove: ['waiting'],
    end: 'failed',
  });
  const { id, member } = run.record;
  run.log.warn(
    { report: id, member, problem: failure.code, detail: failure.detail },
    'report failed',
  );
  return undefined;
}

/** MKS refused with a business code that it signed. */
export async function reject(run: Run, message: MksMessage): Promise<undefined> {
  return fail(run, rejection(message), unknownCode(run, message.code));
}

/** A code that the table does not know: the report, a metric and the log say so. */
function unknownCode(run: Run, code: string): Remark[] | undefined {
  if (findResultCode(code) !== undefined) return undefined;
  const remarks: Remark[] = [{ remark: 'unknown-code', detail: code, count: 1 }];
  warnOf(run, remarks);
  return remarks;
}

/** What MKS has changed stands in every report from then on: the log tells each once a day. */
const LASTING: ReadonlySet<Remark['remark']> = new Set(['unknown-column', 'unknown-code']);

function warnOf(run: Run, remarks: readonly Remark[]): void {
  const { id, member } = run.record;
  const news = remarks.filter(
    ({ remark, detail }) => !LASTING.has(remark) || run.isNewsToday(`${remark} ${detail}`),
  );
  if (news.length === 0) return;
  const text = 'MKS sent other than was asked for, or what nobody here knows';
  run.log.warn({ report: id, member, remarks: news }, text);
}

/** MKS has no data for what was asked: a good report with no rows (RP026). */
export async function endEmpty(run: Run, message: MksMessage): Promise<undefined> {
  return endReady(run, { rowCount: 0, files: [], digest: '', mks: decidingAnswer(message) });
}

/** The report is ready; kept from now on for the retention. */
export async function endReady(run: Run, set: Partial<Run['record']>): Promise<undefined> {
  const now = run.clock.now();
  const { id, kind, member, createdAt, granted = createdAt, preparationMs } = run.record;
  const took = { durationMs: now - granted, ...defined({ preparationMs }) };
  await run.change({
    set: { ...set, readyAt: now, attempts: 0 },
    remove: ['waiting'],
    end: 'ready',
    ...(kind === 'report' && { took }),
  });
  const { rowCount } = run.record;
  warnOf(run, set.remarks ?? []);
  run.log.info({ report: id, member, rowCount, ms: now - createdAt }, 'report ready');
  return undefined;
}

/** RP018: MKS does not know the refId (any more). The report starts over, once, in its turn. */
export async function startOver(run: Run, message: MksMessage): Promise<Next> {
  if (run.record.restarted === true || run.record.kind === 'follow') return reject(run, message);
  return restart(run, 'MKS lost the report: starting over');
}

/** No key opens the zip password any more: what MKS has made cannot be read. Starts over, once. */
export async function startOverUnreadable(run: Run, error: Error): Promise<Next> {
  if (run.record.restarted !== true) return restart(run, 'no key opens the report: starting over');
  return fail(run, { code: 'report-expired', detail: error.message, retryable: true });
}

async function restart(run: Run, why: string): Promise<Next> {
  const { id, member } = run.record;
  run.log.warn({ report: id, member, refId: run.record.refId }, why);
  const obsolete = [
    'refId',
    'acceptedAt',
    'acceptedOn',
    'unmadeAt',
    'fileNames',
    'sending',
    'mayBeAtMks',
    'waiting',
  ];
  const requeue = () => run.store.requeue(run.record, run.token, run.clock.now(), obsolete);
  if (await writePatiently(run.clock, requeue, run.signal)) {
    run.onSlotFree(member);
  }
  return undefined;
}
