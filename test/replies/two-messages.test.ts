/** Two messages where one is due. */
import { reply, signed } from './support.ts';

reply(
  'two messages',
  (received) => ({ body: `${signed(received)}\n${signed(received)}` }),
  'mks-untrusted-response',
);
