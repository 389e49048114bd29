/** What a comparing thread does: one task after another, each answered by one reply. */
import { parentPort } from 'node:worker_threads';
import { type CheckTask, checkLedger } from './check.ts';
import { compare, type ComparisonTask } from './compare.ts';
import { failedReply, type Reply } from './replies.ts';
import { asSent } from '../reports/spool/sendable.ts';

parentPort?.on('message', (task: ComparisonTask | CheckTask) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have none
  void run(task).then((reply) => parentPort?.postMessage(reply));
});

function checkAsSent({ rows, keep, ...task }: CheckTask): CheckTask {
  if (keep === undefined) return { ...task, rows: rows.map(asSent) };
  const history = keep.history.map((each) => ({ ...each, breaks: asSent(each.breaks) }));
  const kept = { ...keep, breaks: asSent(keep.breaks), history };
  return { ...task, rows: rows.map(asSent), keep: kept };
}

async function run(task: ComparisonTask | CheckTask): Promise<Reply<unknown>> {
  try {
    if ('ledger' in task) return { done: await checkLedger(checkAsSent(task)) };
    return {
      done: await compare({ ...task, from: task.from.map(asSent), to: task.to.map(asSent) }),
    };
  } catch (error) {
    return failedReply(error);
  }
}
