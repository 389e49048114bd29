/** Access denied by policy: the token is refused. */
import { reply } from './support.ts';

reply('unsigned OI006', () => ({ body: '{"responseCode":"OI006"}' }), 'mks-error', {
  outcome: 'refused',
  mksCode: 'OI006',
  verified: false,
  tokenRefused: true,
});
