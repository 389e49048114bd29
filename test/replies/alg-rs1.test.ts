/** A signature over SHA-1. */
import { mkk } from '../mks/support.ts';
import { jws, message } from '../support/upstream.ts';
import { reply } from './support.ts';

reply(
  'RS1',
  (received) => ({ body: jws(message(received), mkk.privateKey, { alg: 'RS1' }, 'sha1') }),
  'mks-untrusted-response',
  { outcome: 'unknown', used: true },
);
