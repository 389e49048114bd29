/** A compressed answer that was not asked for. */
import { gzipSync } from 'node:zlib';
import { reply, signed } from './support.ts';

reply(
  'gzip',
  (received) => ({ headers: { 'content-encoding': 'gzip' }, body: gzipSync(signed(received)) }),
  'mks-untrusted-response',
);
