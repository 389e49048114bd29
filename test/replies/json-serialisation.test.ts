/** A JWS in the JSON serialisation (RFC 7515 §7.2): MKS sends the compact one. */
import { reply, signed } from './support.ts';

reply(
  'JSON serialisation',
  (received) => {
    const [header, payload, signature] = signed(received).split('.');
    return { body: JSON.stringify({ payload, protected: header, signature }) };
  },
  'mks-untrusted-response',
);
