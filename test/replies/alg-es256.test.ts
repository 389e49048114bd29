/** An algorithm that is not of RSA. */
import { reply, signed } from './support.ts';

reply(
  'ES256',
  (received) => ({ body: signed(received, { header: { alg: 'ES256' } }) }),
  'mks-untrusted-response',
  { outcome: 'unknown', used: true },
);
