/** A signed answer whose code is a wall of text is no success. */
import { reply, signed } from './support.ts';

reply(
  'code of 600 KB',
  (received) => ({
    body: signed(received, {
      more: { response: { responseCode: 'A'.repeat(600_000), responseDesc: '' } },
    }),
  }),
  'mks-error',
  { outcome: 'unknown', verified: true, used: true },
);
