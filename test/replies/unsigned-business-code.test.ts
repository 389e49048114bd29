/** No data, unsigned: a failure, and no reason for an empty report. */
import { reply, withoutMessageId } from './support.ts';

reply(
  'unsigned RP026',
  (received) => ({ status: 422, body: JSON.stringify(withoutMessageId(received, 'RP026')) }),
  'mks-error',
  { outcome: 'refused', mksCode: 'RP026', verified: false },
);
