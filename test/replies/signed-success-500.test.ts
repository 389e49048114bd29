/** A signed success under a failure’s status contradicts itself. */
import { reply, signed } from './support.ts';

reply(
  'signed 0000 under 500',
  (received) => ({ status: 500, body: signed(received) }),
  'mks-error',
  { outcome: 'unknown', mksCode: '0000', verified: true, used: true },
);
