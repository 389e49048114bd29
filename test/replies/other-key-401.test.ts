/** A refusal of the token needs no signature, and a bad one makes it no less of a refusal. */
import { makeIdentity } from '../support/identities.ts';
import { jws, message } from '../support/upstream.ts';
import { reply } from './support.ts';

const stranger = await makeIdentity();

reply(
  'another key in a 401',
  (received) => ({ status: 401, body: jws(message(received), stranger.privateKey) }),
  'mks-login-refused',
  { outcome: 'refused', used: true, tokenRefused: true },
);
