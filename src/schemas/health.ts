/** The answer of the probes. */
import { Type } from 'typebox';
import { named, Timestamp } from './common.ts';

export const Health = named(
  'Health',
  Type.Object({
    status: Type.Enum(['ok', 'unavailable']),
    checks: Type.Optional(
      Type.Record(
        Type.String(),
        Type.Object({
          ok: Type.Boolean(),
          detail: Type.Optional(Type.String()),
          checkedAt: Timestamp,
          ageSeconds: Type.Number({ description: 'How old the result is. Sonucun yaşı.' }),
        }),
      ),
    ),
  }),
);
