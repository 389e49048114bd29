/** A signed answer without a code is no success under a failure’s status, from 500 on. */
import { mkk } from '../mks/support.ts';
import { jws } from '../support/upstream.ts';
import { reply, withoutMessageId } from './support.ts';

reply(
  'signed, no code, 500',
  (received) => ({ status: 500, body: jws(withoutMessageId(received), mkk.privateKey) }),
  'mks-error',
  { outcome: 'unknown', verified: true },
);
