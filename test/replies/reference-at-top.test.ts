/** The senderReference stands outside the header. */
import { mkk } from '../mks/support.ts';
import { jws } from '../support/upstream.ts';
import { reply } from './support.ts';

reply(
  'senderReference at the top',
  ({ senderReference }) => ({
    body: jws({ senderReference, response: { responseCode: '0000' } }, mkk.privateKey),
  }),
  'mks-untrusted-response',
);
