/** An unsecured JWS (RFC 7515 A.5). */
import { base64url } from '../support/upstream.ts';
import { message } from '../support/upstream.ts';
import { reply } from './support.ts';

reply(
  'alg none',
  (received) => ({
    body: `${base64url('{"alg":"none"}')}.${base64url(JSON.stringify(message(received)))}.`,
  }),
  'mks-untrusted-response',
  { outcome: 'unknown', used: true },
);
