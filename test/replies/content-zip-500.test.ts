/** A zip under a failure’s status is no file. */
import { CONTENT } from '../mks/support.ts';
import { reply } from './support.ts';

reply(
  'a zip under 500',
  () => ({ status: 500, body: Buffer.from('PK\u0003\u0004 and more') }),
  'mks-error',
  { outcome: 'unknown' },
  CONTENT,
);
