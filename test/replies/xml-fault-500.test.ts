/** An XML fault. */
import { reply } from './support.ts';

reply(
  'XML fault',
  () => ({ status: 500, body: '<?xml version="1.0"?><soap:Fault>secret</soap:Fault>' }),
  'mks-error',
);
