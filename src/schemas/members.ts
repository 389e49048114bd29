/** A member as operators see it. */
import { Type } from 'typebox';
import { MemberCode, named, Timestamp } from './common.ts';

const daysLeft = Type.Integer({ description: 'Whole days; negative when over. Kalan gün.' });

const certificateFields = {
  subject: Type.String(),
  fingerprint: Type.String({ description: 'SHA-256' }),
  notAfter: Timestamp,
  daysLeft,
};

export const MemberStatus = named(
  'MemberStatus',
  Type.Object(
    {
      member: MemberCode,
      paused: Type.Boolean({ description: 'Operators let nothing of the member start' }),
      canSign: Type.Boolean({
        description: 'Whether its key and certificate can sign: if not, the member is shut off',
      }),
      shutOff: Type.Optional(
        Type.Object(
          {
            reason: Type.Enum([
              'key-unusable',
              'certificate-unusable',
              'certificate-of-another-key',
              'certificate-expired',
              'certificate-early',
              'hsm-unavailable',
              'hsm-pin-refused',
            ]),
            detail: Type.String(),
          },
          { description: 'What keeps it from signing until that is mended. Neden kapalı.' },
        ),
      ),
      token: Type.Object(
        {
          expiresAt: Type.Optional(Timestamp),
          expiresInSeconds: Type.Optional(Type.Integer()),
          reason: Type.Optional(
            Type.String({
              description: 'What MKK said with the token, e.g. that no IP address is registered',
            }),
          ),
          loginPausedUntil: Type.Optional(Timestamp),
        },
        { description: 'Empty while nobody needed a token' },
      ),
      certificate: Type.Optional(
        Type.Object(certificateFields, {
          description: 'The one that is to sign now; absent when it cannot be read',
        }),
      ),
      next: Type.Optional(
        Type.Object(
          { ...Type.Partial(Type.Object(certificateFields)).properties, validFrom: Timestamp },
          {
            description: 'Takes over at `validFrom`; without a certificate when it cannot be read',
          },
        ),
      ),
      password: Type.Optional(
        Type.Object(
          { changedOn: Type.String({ format: 'date' }), expiresAt: Timestamp, daysLeft },
          { description: 'Known when the members file says when it was changed' },
        ),
      ),
      queue: Type.Object({
        length: Type.Integer({ description: 'Reports that wait for their turn' }),
        preparing: Type.Integer({ description: 'Reports that MKS has or that are being fetched' }),
        oldestAt: Type.Optional(Timestamp),
        slot: Type.Optional(
          Type.Object(
            { holder: Type.String(), since: Timestamp },
            { description: "Who has the member's slot at MKS" },
          ),
        ),
      }),
    },
    { description: 'Token, papers and queue of a member. Üyenin durumu.' },
  ),
);

export const MEMBER_EXAMPLE = {
  member: 'TIB',
  paused: false,
  canSign: true,
  token: { expiresAt: '2025-05-06T11:02:11.000+03:00', expiresInSeconds: 2831 },
  certificate: {
    subject: 'C=TR, L=İstanbul, O=TIB, CN=Örnek Yatırım A.Ş.',
    fingerprint: 'F1:D2:D2:F9:24:E9:86:AC:86:FD:F7:B3:6C:94:BC:DF:32:BE:EC:15:38:58:E2:92:36:18',
    notAfter: '2026-12-31T23:59:59.000+03:00',
    daysLeft: 604,
  },
  password: {
    changedOn: '2025-01-15',
    expiresAt: '2026-01-15T00:00:00.000+03:00',
    daysLeft: 253,
  },
  queue: {
    length: 2,
    preparing: 1,
    oldestAt: '2025-05-06T10:14:00.000+03:00',
    slot: {
      holder: '0b9c2d4e-6f41-4b1d-9d0a-2a51c7a9d7f3',
      since: '2025-05-06T10:13:20.000+03:00',
    },
  },
};
