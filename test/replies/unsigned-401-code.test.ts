/** A refusal of the token with a code, which nobody has signed. */
import { reply } from './support.ts';

reply(
  '401 with a code',
  () => ({ status: 401, body: '{"responseCode":"RP041"}' }),
  'mks-login-refused',
  { outcome: 'refused', mksCode: 'RP041', verified: false, tokenRefused: true },
);
