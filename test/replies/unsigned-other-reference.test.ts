/** An unsigned failure of another message. */
import { message } from '../support/upstream.ts';
import { reply } from './support.ts';

reply(
  'unsigned, another reference',
  (received) => ({
    status: 422,
    body: JSON.stringify(message({ ...received, senderReference: 'X1' }, 'RP026')),
  }),
  'mks-untrusted-response',
  { outcome: 'unknown', used: true },
);
