/** A signed answer that does not say what it answers. */
import { mkk } from '../mks/support.ts';
import { jws } from '../support/upstream.ts';
import { reply } from './support.ts';

reply(
  'no senderReference',
  () => ({ body: jws({ response: { responseCode: '0000' } }, mkk.privateKey) }),
  'mks-untrusted-response',
);
