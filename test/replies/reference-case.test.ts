/** References are compared exactly. */
import { mkk } from '../mks/support.ts';
import { jws, message } from '../support/upstream.ts';
import { reply } from './support.ts';

reply(
  'senderReference in lower case',
  (received) => ({
    body: jws(
      message({ ...received, senderReference: received.senderReference.toLowerCase() }),
      mkk.privateKey,
    ),
  }),
  'mks-untrusted-response',
  { outcome: 'unknown', used: true },
);
