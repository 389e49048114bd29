/** A messageId of 600 KB is none, and refused. */
import { reply, signed } from './support.ts';

reply(
  'messageId of 600 KB',
  (received) => ({
    body: signed(received, {
      more: {
        responseHeader: {
          senderReference: received.senderReference,
          receiverMember: 'TIB',
          messageId: '8'.repeat(600_000),
        },
      },
    }),
  }),
  'mks-error',
  { outcome: 'unknown', mksCode: '0000', verified: true },
);
