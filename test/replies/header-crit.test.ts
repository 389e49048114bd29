/** An extension that must be understood (RFC 7515 §4.1.11). */
import { reply, signed } from './support.ts';

reply(
  'crit',
  (received) => ({ body: signed(received, { header: { alg: 'RS256', crit: ['exp'], exp: 1 } }) }),
  'mks-untrusted-response',
  { outcome: 'unknown', used: true },
);
