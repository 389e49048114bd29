/** Asks MKS how far the report is (MKS 6.1): a read, safe to repeat with a new reference. */
import { defined } from '../../lib/defined.ts';
import { codeKind } from '../../mks/codes.ts';
import { MksError } from '../../mks/errors.ts';
import { reportStatus } from '../../mks/services/catalogue.ts';
import type { MksMessage } from '../../mks/types.ts';
import {
  decidingAnswer,
  endEmpty,
  endReady,
  incomplete,
  reject,
  rejection,
  startOver,
} from './ends.ts';
import { pollPause, preparationMs } from './poll-pause.ts';
import { askAgain, pause, waitOutOrCount } from './retry.ts';
import type { Next, Run } from './step.ts';

export async function statusStep(run: Run): Promise<Next> {
  const { member, client, refId = '' } = run.record;
  const request = { memberCode: member, client, signal: run.signal, body: { refId } };
  try {
    const answer = await run.mks.ask(reportStatus, request);
    switch (answer.kind) {
      case 'ready':
        return await onPrepared(run, answer.message, answer.fileNames);
      case 'waiting':
        return await goOnPolling(run, answer.message);
      case 'empty':
        return await endEmpty(run, answer.message);
      case 'gone':
        return await startOver(run, answer.message);
      case 'used':
        return await askAgain(run, rejection(answer.message));
      case 'incomplete':
        return await askAgain(run, incomplete(answer));
      case 'rejected':
        return await reject(run, answer.message);
    }
  } catch (error) {
    if (error instanceof MksError) return onError(run, error);
    throw error;
  }
}

async function onPrepared(run: Run, message: MksMessage, fileNames: string[]): Promise<Next> {
  const mks = decidingAnswer(message);
  if (run.record.kind === 'follow') return endReady(run, { mks });
  // MKS has done with it: the member's slot is free while the files are fetched.
  await run.change({
    set: {
      phase: 'fetch',
      fileNames,
      mks,
      attempts: 0,
      pauses: 0,
      ...defined({ preparationMs: preparationMs(run.record, run.clock.now()) }),
    },
    remove: ['waiting'],
    releaseSlot: true,
  });
  return 0;
}

async function goOnPolling(run: Run, message: MksMessage): Promise<Next> {
  const { mks, waiting, pauses } = run.record;
  const isNews = mks?.code !== message.code || waiting !== undefined;
  await run.change({
    set: {
      mks: decidingAnswer(message),
      attempts: 0,
      pauses: pauses + 1,
      unmadeAt: run.clock.now(),
    },
    remove: ['waiting'],
    silent: !isNews,
  });
  return pollPause(run, pauses);
}

async function onError(run: Run, error: MksError): Promise<Next> {
  // Waiting is no success: a code that nobody signed may still be told to wait for.
  if (codeKind(error.details.mksCode ?? '') === 'wait') {
    await run.change({ set: { attempts: 0 }, remove: ['waiting'], silent: true });
    return pause(run);
  }
  return waitOutOrCount(run, error);
}
