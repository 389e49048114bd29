/** A JWS whose signature stands there twice in one. */
import { reply, signed } from './support.ts';

reply(
  'doubled signature',
  (received) => {
    const body = signed(received);
    return { body: body + (body.split('.')[2] ?? '') };
  },
  'mks-untrusted-response',
  { outcome: 'unknown', used: true },
);
