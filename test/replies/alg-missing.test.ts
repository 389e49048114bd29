/** A header without an algorithm. */
import { reply, signed } from './support.ts';

reply(
  'no alg',
  (received) => ({ body: signed(received, { header: { typ: 'JOSE' } }) }),
  'mks-untrusted-response',
  { outcome: 'unknown', used: true },
);
