/** A header that is no JSON. */
import { reply, signed } from './support.ts';

reply(
  'header not JSON',
  (received) => ({ body: signed(received, { header: 'alg=RS256' }) }),
  'mks-untrusted-response',
  { outcome: 'unknown', used: true },
);
