/** Text that is no code is no success, whatever the status says. */
import { reply, signed } from './support.ts';

reply(
  'code of other signs',
  (received) => ({
    body: signed(received, { more: { response: { responseCode: 'all good!', responseDesc: '' } } }),
  }),
  'mks-error',
  { outcome: 'unknown', verified: true, used: true },
);
