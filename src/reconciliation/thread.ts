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

async function run(task: ComparisonTask | CheckTask): Promise<Reply<unknown>> {
  try {
    if ('ledger' in task)
      return { done: await checkLedger({ ...task, rows: task.rows.map(asSent) }) };
    return {
      done: await compare({ ...task, from: task.from.map(asSent), to: task.to.map(asSent) }),
    };
  } catch (error) {
    return failedReply(error);
  }
}
