/** What a decoding thread does: one task after another, each answered by one reply. */
import { parentPort } from 'node:worker_threads';
import { loadZip } from '../../rows/read/index.ts';
import { asSent } from '../spool/sendable.ts';
import { decode, type DecodingTask } from './decode.ts';
import { type Reply, toFailure } from './messages.ts';

// The first task is still on its way.
void loadZip();

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
