/** The token service’s code in answer to a call. */
import { reply } from './support.ts';

reply(
  '0x00d30003',
  () => ({ body: '{"error_message":"secret","error_code":"0x00d30003"}' }),
  'mks-login-refused',
  { outcome: 'refused', mksCode: '0x00d30003', verified: false, tokenRefused: true },
);
