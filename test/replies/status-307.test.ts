/** A redirection is not followed: the message and its token go to one host alone. */
import { reply } from './support.ts';

reply(
  '307',
  () => ({ status: 307, headers: { location: 'http://127.0.0.1:1/v1/reports' } }),
  'mks-error',
);
