/** What the thread that writes rows does: what it is told, each time with an answer. */
import { parentPort } from 'node:worker_threads';
import { createRowWriter, type RowWriter } from '../spool/row-writer.ts';
import { asSent } from '../spool/sendable.ts';
import { toFailure } from './messages.ts';
import type { Done, Order } from './writing.ts';

let rows: RowWriter | undefined;

parentPort?.on('message', (order: Order) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have none
  void run(order).then((reply) => parentPort?.postMessage(reply));
});

async function run(told: Order): Promise<Done> {
  try {
    switch (told.order) {
      case 'begin':
        rows = await createRowWriter(asSent(told.file));
        return {};
      case 'write':
        await rows?.write(told.lines);
        return {};
      case 'finish':
        return { digest: (await rows?.finish()) ?? '' };
      case 'abandon':
        await rows?.abandon();
        return {};
    }
  } catch (error) {
    return { failure: toFailure(error) };
  }
}
