/** An unsigned failure with a messageId: its reference is used up. */
import { message } from '../support/upstream.ts';
import { reply } from './support.ts';

reply(
  'unsigned with messageId',
  (received) => ({ status: 422, body: JSON.stringify(message(received, 'RP039')) }),
  'mks-error',
  { outcome: 'refused', mksCode: 'RP039', verified: false, used: true },
);
