/** A file where a message is due. */
import { reply } from './support.ts';

reply(
  'a zip for a status',
  () => ({
    headers: { 'content-type': 'application/octet-stream' },
    body: Buffer.from('PK\u0003\u0004 and more'),
  }),
  'mks-untrusted-response',
);
