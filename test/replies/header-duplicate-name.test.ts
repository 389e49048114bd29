/** Two algorithms in one header: two readers would see two headers. */
import { reply, signed } from './support.ts';

reply(
  'alg twice',
  (received) => ({ body: signed(received, { header: '{"alg":"none","alg":"RS256"}' }) }),
  'mks-untrusted-response',
  { outcome: 'unknown', used: true },
);
