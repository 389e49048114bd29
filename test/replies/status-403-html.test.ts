/** A page instead of a message, and a refusal. */
import { reply } from './support.ts';

reply(
  '403 with a page',
  () => ({ status: 403, body: '<html>secret</html>' }),
  'mks-login-refused',
  { outcome: 'refused', tokenRefused: true },
);
