/** A page of some device in between, as a success. */
import { reply } from './support.ts';

reply(
  'HTML, 200',
  () => ({ headers: { 'content-type': 'text/html' }, body: '<html>secret</html>' }),
  'mks-error',
);
