/** A signed answer without a code is no success under a failure’s status. */
import { mkk } from '../mks/support.ts';
import { jws } from '../support/upstream.ts';
import { reply, withoutMessageId } from './support.ts';

reply(
  'signed, no code, 503',
  (received) => ({ status: 503, body: jws(withoutMessageId(received), mkk.privateKey) }),
  'mks-error',
  { outcome: 'unknown', verified: true },
);
