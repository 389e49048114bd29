/** A signed payload that is not UTF-8. */
import { sign } from 'node:crypto';
import { mkk } from '../mks/support.ts';
import { base64url } from '../support/upstream.ts';
import { reply } from './support.ts';

reply(
  'not UTF-8',
  () => {
    const input = `${base64url('{"alg":"RS256"}')}.${base64url(Buffer.from([0x7b, 0xff, 0x7d]))}`;
    return { body: `${input}.${base64url(sign('sha256', Buffer.from(input), mkk.privateKey))}` };
  },
  'mks-untrusted-response',
);
