/** The header names another hash than the signature has. */
import { mkk } from '../mks/support.ts';
import { jws, message } from '../support/upstream.ts';
import { reply } from './support.ts';

reply(
  'another hash',
  (received) => ({ body: jws(message(received), mkk.privateKey, { alg: 'RS512' }, 'sha256') }),
  'mks-untrusted-response',
  { outcome: 'unknown', used: true },
);
