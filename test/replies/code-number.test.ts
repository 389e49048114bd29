/** A number where the code should be is no code, and no success. */
import { mkk } from '../mks/support.ts';
import { jws, message } from '../support/upstream.ts';
import { reply } from './support.ts';

reply(
  'code 9e99999',
  (received) => ({
    body: jws(JSON.stringify(message(received)).replace('"0000"', '9e99999'), mkk.privateKey),
  }),
  'mks-error',
  { outcome: 'unknown', verified: true, used: true },
);
