/** The header brings a certificate of its own. */
import { makeIdentity } from '../support/identities.ts';
import { jws, message } from '../support/upstream.ts';
import { reply } from './support.ts';

const stranger = await makeIdentity();
const x5c = [stranger.certificate.raw.toString('base64')];

reply(
  'embedded x5c',
  (received) => ({ body: jws(message(received), stranger.privateKey, { alg: 'RS256', x5c }) }),
  'mks-untrusted-response',
  { outcome: 'unknown', used: true },
);
