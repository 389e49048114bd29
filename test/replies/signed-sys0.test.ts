/** A signed error of MKS itself; it bore a messageId. */
import { reply, signed } from './support.ts';

reply('signed SYS0', (received) => ({ body: signed(received, { code: 'SYS0' }) }), 'mks-error', {
  outcome: 'refused',
  mksCode: 'SYS0',
  verified: true,
  used: true,
});
