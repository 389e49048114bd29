/** A code that is none is not passed on. */
import { reply } from './support.ts';

reply(
  'a strange code',
  () => ({ status: 400, body: '{"responseCode":"<script>alert(1)</script>"}' }),
  'mks-error',
  { outcome: 'refused' },
);
