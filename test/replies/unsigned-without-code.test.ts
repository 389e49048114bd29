/** An unsigned answer that says nothing. */
import { reply } from './support.ts';

reply(
  'unsigned, no code',
  () => ({ body: '{"fileNames":["MKK_RP166_1.zip"]}' }),
  'mks-untrusted-response',
);
