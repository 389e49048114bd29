/** A messageId that is an object is none: the reference is not used up. */
import { reply, signed } from './support.ts';

reply(
  'messageId as an object',
  (received) => ({
    body: signed(received, {
      code: 'OI031',
      more: {
        responseHeader: {
          senderReference: received.senderReference,
          receiverMember: 'TIB',
          messageId: { id: '875569523' },
        },
      },
    }),
  }),
  'mks-error',
  { outcome: 'refused', mksCode: 'OI031', verified: true },
);
