/** A page, not found: nothing can have been taken in. */
import { reply } from './support.ts';

reply('HTML, 404', () => ({ status: 404, body: '<html>secret</html>' }), 'mks-error', {
  outcome: 'refused',
});
