/** A senderReference that is no text. */
import { mkk } from '../mks/support.ts';
import { jws } from '../support/upstream.ts';
import { reply } from './support.ts';

reply(
  'a number for a reference',
  () => ({
    body: jws(
      { responseHeader: { senderReference: 1 }, response: { responseCode: '0000' } },
      mkk.privateKey,
    ),
  }),
  'mks-untrusted-response',
);
