/** The header brings the key that it was signed with. */
import { makeIdentity } from '../support/identities.ts';
import { jws, message } from '../support/upstream.ts';
import { reply } from './support.ts';

const stranger = await makeIdentity();
const jwk = stranger.certificate.publicKey.export({ format: 'jwk' });

reply(
  'embedded jwk',
  (received) => ({ body: jws(message(received), stranger.privateKey, { alg: 'RS256', jwk }) }),
  'mks-untrusted-response',
  { outcome: 'unknown', used: true },
);
