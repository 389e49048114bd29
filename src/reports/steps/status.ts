/** Asks MKS how far the report is (MKS 6.1): a read, safe to repeat with a new reference. */
import { MksError } from '../../mks/errors.ts';
import type { MksMessage } from '../../mks/types.ts';
import type { Next, Run } from '../run.ts';
import {
  Code,
  endEmpty,
  endReady,
  incomplete,
  isWaiting,
  pause,
  reject,
  rejection,
  retryOrWait,
  retryRead,
  startOver,
  verdictOf,
  waitForOpening,
} from './common.ts';

const SERVICE = 'reports/async-report-status';
/** MKS names no bound; a report of more files than this is not one of ours. */
const MAX_FILES = 1_000;

export async function statusStep(run: Run): Promise<Next> {
  const { member, client, refId = '' } = run.record;
  try {
    const answer = await run.mks.call({
      memberCode: member,
      service: SERVICE,
      client,
      signal: run.signal,
      body: { refId },
    });
    if (answer.kind === 'message') return await onAnswer(run, answer);
    answer.cancel();
    throw new MksError('mks-error', 'a file came where a message was due', { outcome: 'unknown' });
  } catch (error) {
    if (error instanceof MksError) return onError(run, error);
    throw error;
  }
}

async function onAnswer(run: Run, message: MksMessage): Promise<Next> {
  if (isWaiting(message.code)) return wait(run, message);
  switch (message.code) {
    case Code.success:
      return onPrepared(run, message);
    case Code.noData:
      return endEmpty(run, message);
    case Code.unknownRefId:
      return startOver(run, message);
    case Code.referenceUsed:
      return retryRead(run, rejection(message));
    case Code.busy:
      return wait(run, message);
    default:
      return reject(run, message);
  }
}

async function onPrepared(run: Run, message: MksMessage): Promise<Next> {
  const names = fileNamesOf(message);
  if (names.length === 0) return retryRead(run, incomplete(message, 'fileNames'));
  if (run.record.kind === 'follow') {
    await endReady(run, { mks: verdictOf(message) });
    return undefined;
  }
  // MKS has done with it: the member's slot is free while the files are fetched.
  await run.change({
    set: { phase: 'fetch', fileNames: names, mks: verdictOf(message), attempts: 0, pauses: 0 },
    releaseSlot: true,
  });
  return 0;
}

/** The names, each once; anything else than non-empty strings is left out. */
function fileNamesOf(message: MksMessage): string[] {
  const names = message.payload['fileNames'];
  if (!Array.isArray(names)) return typeof names === 'string' && names !== '' ? [names] : [];
  const strings = names.filter((name) => typeof name === 'string' && name !== '');
  return [...new Set(strings as string[])].slice(0, MAX_FILES);
}

async function wait(run: Run, message: MksMessage): Promise<Next> {
  const isNews = run.record.mks?.code !== message.code;
  await run.change({ set: { mks: verdictOf(message), attempts: 0 }, silent: !isNews });
  return pause(run);
}

async function onError(run: Run, error: MksError): Promise<Next> {
  if (error.code === 'outside-service-hours') return waitForOpening(run, error);
  // Waiting is no success: a code that nobody signed may still be told to wait for.
  if (isWaiting(error.details.mksCode)) {
    await run.change({ set: { attempts: 0 }, silent: true });
    return pause(run);
  }
  return retryOrWait(run, error);
}
