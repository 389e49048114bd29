/** A JWS of another key where a file is due. */
import { CONTENT } from '../mks/support.ts';
import { makeIdentity } from '../support/identities.ts';
import { jws, message } from '../support/upstream.ts';
import { reply } from './support.ts';

const stranger = await makeIdentity();

reply(
  'a bad JWS for a file',
  (received) => ({ body: jws(message(received, 'RP026'), stranger.privateKey) }),
  'mks-untrusted-response',
  { outcome: 'unknown', used: true },
  CONTENT,
);
