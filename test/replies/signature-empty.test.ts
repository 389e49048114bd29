/** A JWS whose signature has been cut off. */
import { reply, signed } from './support.ts';

reply(
  'empty signature',
  (received) => ({ body: signed(received).replace(/[^.]+$/, '') }),
  'mks-untrusted-response',
  { outcome: 'unknown', used: true },
);
