/** A good answer to another message: a replay. */
import { mkk } from '../mks/support.ts';
import { jws, message } from '../support/upstream.ts';
import { reply } from './support.ts';

reply(
  'another senderReference',
  (received) => ({
    body: jws(message({ ...received, senderReference: 'GW1-0000000000000000' }), mkk.privateKey),
  }),
  'mks-untrusted-response',
  { outcome: 'unknown', used: true },
);
