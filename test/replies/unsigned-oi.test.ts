/** The gateway’s schema error. */
import { reply } from './support.ts';

reply(
  'unsigned OI002',
  () => ({ status: 400, body: '{"response":{"responseCode":"OI002","responseDesc":"secret"}}' }),
  'mks-error',
  { outcome: 'refused', mksCode: 'OI002', verified: false },
);
