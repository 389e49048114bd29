/** What a decoding thread does: one task after another, each answered by one reply. */
import { parentPort } from 'node:worker_threads';
import { loadZip } from '../../rows/read/index.ts';
import { asSent } from '../spool/sendable.ts';
import { decode, type DecodingTask } from './decode.ts';
import { type Reply, toFailure } from './messages.ts';
import { startWriting } from './writing.ts';

// The first task is still on its way.
void loadZip();
const beginRows = startWriting();

parentPort?.on('message', (task: DecodingTask) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have none
  void run(task).then((reply) => parentPort?.postMessage(reply));
});

async function run(task: DecodingTask): Promise<Reply> {
  try {
    const { archive, rows } = task;
    const here = { ...task, archive: asSent(archive), rows: asSent(rows) };
    return { decoded: await decode(here, beginRows) };
  } catch (error) {
    return { failure: toFailure(error) };
  }
}
