/** A refId far beyond the 50 characters of the document is refused. */
import { reply, signed } from './support.ts';

reply(
  'refId of 600 KB',
  (received) => ({ body: signed(received, { more: { refId: 'r'.repeat(600_000) } }) }),
  'mks-error',
  { outcome: 'unknown', mksCode: '0000', verified: true, used: true },
);
