/** An expired token, without a word. */
import { reply } from './support.ts';

reply('401', () => ({ status: 401 }), 'mks-login-refused', {
  outcome: 'refused',
  tokenRefused: true,
});
