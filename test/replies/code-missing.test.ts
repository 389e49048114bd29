/** Neither a code nor a field of the service: an envelope is no success. */
import { mkk } from '../mks/support.ts';
import { jws } from '../support/upstream.ts';
import { reply, withoutMessageId } from './support.ts';

reply(
  'signed, no code, nothing else',
  (received) => ({ body: jws(withoutMessageId(received), mkk.privateKey) }),
  'mks-error',
  { outcome: 'unknown', verified: true },
);
