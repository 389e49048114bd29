/** Signed by a key that is not pinned. */
import { makeIdentity } from '../support/identities.ts';
import { jws, message } from '../support/upstream.ts';
import { reply } from './support.ts';

const stranger = await makeIdentity();

reply(
  'another key',
  (received) => ({ body: jws(message(received), stranger.privateKey) }),
  'mks-untrusted-response',
  { outcome: 'unknown', used: true },
);
