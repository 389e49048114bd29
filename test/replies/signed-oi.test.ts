/** A signed error of the gateway in front of MKS. */
import { mkk } from '../mks/support.ts';
import { jws } from '../support/upstream.ts';
import { reply, withoutMessageId } from './support.ts';

reply(
  'signed OI012',
  (received) => ({ status: 500, body: jws(withoutMessageId(received, 'OI012'), mkk.privateKey) }),
  'mks-error',
  { outcome: 'refused', mksCode: 'OI012', verified: true },
);
