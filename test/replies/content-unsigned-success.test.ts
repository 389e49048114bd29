/** Unsigned JSON where a file is due. */
import { CONTENT } from '../mks/support.ts';
import { reply } from './support.ts';

reply(
  'unsigned JSON for a file',
  () => ({ body: '{"responseCode":"0000"}' }),
  'mks-untrusted-response',
  { outcome: 'unknown' },
  CONTENT,
);
