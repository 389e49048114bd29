/** HMAC keyed with the public certificate, the old confusion of algorithms. */
import { createHmac } from 'node:crypto';
import { mkk } from '../mks/support.ts';
import { base64url, message } from '../support/upstream.ts';
import { reply } from './support.ts';

reply(
  'HS256 with the public key',
  (received) => {
    const input = `${base64url('{"alg":"HS256"}')}.${base64url(JSON.stringify(message(received)))}`;
    const secret = mkk.certificate.publicKey.export({ type: 'spki', format: 'pem' });
    return { body: `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}` };
  },
  'mks-untrusted-response',
  { outcome: 'unknown', used: true },
);
