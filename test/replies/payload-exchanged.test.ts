/** A payload under the signature of another. */
import { base64url } from '../support/upstream.ts';
import { message } from '../support/upstream.ts';
import { reply, signed } from './support.ts';

reply(
  'exchanged payload',
  (received) => {
    const [header, , signature] = signed(received, { code: 'RP021' }).split('.');
    return { body: `${header}.${base64url(JSON.stringify(message(received)))}.${signature}` };
  },
  'mks-untrusted-response',
  { outcome: 'unknown', used: true },
);
