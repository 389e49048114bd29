/** What a decoding thread does: one task after another, each answered by one reply. */
import { parentPort } from 'node:worker_threads';
import { asSent } from '../spool/sendable.ts';
import { decode, type DecodingTask } from './decode.ts';
import { type Reply, toFailure } from './messages.ts';

parentPort?.on('message', (task: DecodingTask) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have none
  void run(task).then((reply) => parentPort?.postMessage(reply));
});

async function run(task: DecodingTask): Promise<Reply> {
  try {
    const { archive, rows } = task;
    return { decoded: await decode({ ...task, archive: asSent(archive), rows: asSent(rows) }) };
  } catch (error) {
    return { failure: toFailure(error) };
  }
}
