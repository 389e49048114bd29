/** What a comparing thread does: one task after another, each answered by one reply. */
import { parentPort } from 'node:worker_threads';
import { type Failure, toFailure } from '../reports/decoding/messages.ts';
import { compare, type Comparison, type ComparisonTask } from './compare.ts';

export type Reply = { comparison: Comparison } | { failure: Failure };

parentPort?.on('message', (task: ComparisonTask) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have none
  void run(task).then((reply) => parentPort?.postMessage(reply));
});

async function run(task: ComparisonTask): Promise<Reply> {
  // A Buffer arrives as plain bytes.
  const asSent = (file: ComparisonTask['from'][number]) => ({
    ...file,
    key: Buffer.from(file.key),
  });
  try {
    const { from, to } = task;
    return { comparison: await compare({ ...task, from: from.map(asSent), to: to.map(asSent) }) };
  } catch (error) {
    return { failure: toFailure(error) };
  }
}
