/** A JWS that lost its last bytes. */
import { reply, signed } from './support.ts';

reply(
  'truncated signature',
  (received) => ({ body: signed(received).slice(0, -20) }),
  'mks-untrusted-response',
  { outcome: 'unknown', used: true },
);
