/** Names of algorithms are case-sensitive (RFC 7515 §4.1.1). */
import { reply, signed } from './support.ts';

reply(
  'rs256',
  (received) => ({ body: signed(received, { header: { alg: 'rs256' } }) }),
  'mks-untrusted-response',
  { outcome: 'unknown', used: true },
);
