/** A payload that is not base64url (RFC 7797). */
import { reply, signed } from './support.ts';

reply(
  'b64',
  (received) => ({ body: signed(received, { header: { alg: 'RS256', b64: true } }) }),
  'mks-untrusted-response',
  { outcome: 'unknown', used: true },
);
