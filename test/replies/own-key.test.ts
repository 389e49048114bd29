/** Our own request’s key signs the answer: an echo is no answer. */
import { memberIdentity } from '../mks/support.ts';
import { jws, message } from '../support/upstream.ts';
import { reply } from './support.ts';

reply(
  'our own key',
  (received) => ({ body: jws(message(received), memberIdentity.privateKey) }),
  'mks-untrusted-response',
  { outcome: 'unknown', used: true },
);
