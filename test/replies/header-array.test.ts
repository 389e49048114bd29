/** A header that is no object. */
import { reply, signed } from './support.ts';

reply(
  'header array',
  (received) => ({ body: signed(received, { header: ['RS256'] }) }),
  'mks-untrusted-response',
  { outcome: 'unknown', used: true },
);
