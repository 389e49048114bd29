/** A description far beyond the 255 characters of the document is refused. */
import { reply, signed } from './support.ts';

reply(
  'description of 600 KB',
  (received) => ({
    body: signed(received, {
      more: { response: { responseCode: 'RP036', responseDesc: 'd'.repeat(600_000) } },
    }),
  }),
  'mks-error',
  { outcome: 'refused', mksCode: 'RP036', verified: true, used: true },
);
