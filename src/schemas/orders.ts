/** Standing orders: what is wanted each day, and what became of each. */
import { Type } from 'typebox';
import { MemberCode, named, ProcessDate, refTo, Timestamp } from './common.ts';
import { Problem } from './problems.ts';
import { filters } from './reports.ts';

export const OrderName = Type.String({
  pattern: '^[A-Za-z0-9._-]{1,64}$',
  description: "The order's name. Talimatın adı.",
  examples: ['nightly'],
});

const DeliveredFile = Type.Object({
  format: Type.String(),
  name: Type.String(),
  sha256: Type.String({ description: 'Of its bytes, hexadecimal' }),
  bytes: Type.Integer(),
  deliveredAt: Timestamp,
});

const Notice = Type.Object(
  {
    id: Type.String({ description: '`webhook-id`, the same in each attempt' }),
    state: Type.Enum(['waiting', 'delivered', 'given-up']),
    createdAt: Timestamp,
    nextAt: Type.Optional(Timestamp),
    tries: Type.Integer(),
    attempts: Type.Array(
      Type.Object({
        at: Timestamp,
        durationMs: Type.Integer(),
        status: Type.Optional(Type.Integer({ description: 'Of the answer' })),
        error: Type.Optional(Type.String({ description: 'Why there was no answer, in a word' })),
      }),
      { description: 'The last 20, the newest last' },
    ),
  },
  { description: 'A message to a system in the house. Bildirim.' },
);

export const OrderDate = named(
  'OrderDate',
  Type.Object(
    {
      processDate: ProcessDate,
      state: Type.Enum(['missing', 'waiting', 'ready', 'failed'], {
        description:
          'missing: not asked for yet; waiting: under way; ready: with all its files. Günün durumu.',
      }),
      late: Type.Boolean({ description: 'Not ready by `lateAt`. Gecikti.' }),
      lateAt: Timestamp,
      report: Type.Optional(Type.String({ description: 'The report: /balances/{id}' })),
      rows: Type.Optional(Type.Integer()),
      readyAt: Type.Optional(Timestamp),
      waiting: Type.Optional(
        Type.Object(
          {
            for: Type.Enum([
              'report',
              'folder',
              'trail-unavailable',
              'queue-full',
              'member-shut-off',
              'internal',
            ]),
            since: Timestamp,
            retryAt: Type.Optional(Timestamp),
            detail: Type.Optional(Type.String({ description: 'What was met, in a word' })),
          },
          { description: 'What holds it up and passes by itself. Neyi bekliyor.' },
        ),
      ),
      problem: Type.Optional(refTo(Problem)),
      retryAt: Type.Optional(Timestamp),
      files: Type.Array(DeliveredFile),
      notices: Type.Array(Notice),
    },
    { description: 'One date of an order. Talimatın bir günü.' },
  ),
);

export const StandingOrder = named(
  'StandingOrder',
  Type.Object(
    {
      name: OrderName,
      member: MemberCode,
      at: Type.String({ description: 'HH:MM in Istanbul. Saat.', examples: ['01:05'] }),
      date: Type.Enum(['yesterday', 'today'], { description: 'Of which day the balances are' }),
      filters: Type.Object(filters, { additionalProperties: false }),
      days: Type.Array(Type.Enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']), {
        description: 'On which it runs. Çalıştığı günler.',
      }),
      catchUpDays: Type.Integer({ description: 'How far back a missed day is made up for' }),
      lateAfter: Type.String({ description: 'HH:MM in Istanbul' }),
      deliver: Type.Optional(
        Type.Object({
          folder: Type.String(),
          formats: Type.Array(Type.String()),
          fileName: Type.String(),
        }),
      ),
      notify: Type.Optional(Type.Object({ url: Type.String() })),
      nextRunAt: Timestamp,
      dates: Type.Array(refTo(OrderDate), { description: 'The newest first. Yeniden eskiye.' }),
    },
    { description: 'What is asked for day by day, by itself. Sürekli talimat.' },
  ),
);

export const ORDER_SCHEMAS = [OrderDate, StandingOrder];

export const ORDER_EXAMPLE = {
  name: 'nightly',
  member: 'TIB',
  at: '01:05',
  date: 'yesterday',
  filters: {},
  days: ['tue', 'wed', 'thu', 'fri', 'sat'],
  catchUpDays: 7,
  lateAfter: '06:00',
  deliver: { folder: '/srv/mks', formats: ['csv'], fileName: '{member}-{processDate}.{extension}' },
  nextRunAt: '2025-05-07T01:05:00.000+03:00',
  dates: [
    {
      processDate: '20250505',
      state: 'ready',
      late: false,
      lateAt: '2025-05-06T06:00:00.000+03:00',
      report: '0b9c2d4e-6f41-4b1d-9d0a-2a51c7a9d7f3',
      rows: 41,
      readyAt: '2025-05-06T01:05:42.000+03:00',
      files: [
        {
          format: 'csv',
          name: 'TIB-20250505.csv',
          sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
          bytes: 3120,
          deliveredAt: '2025-05-06T01:05:42.000+03:00',
        },
      ],
      notices: [],
    },
  ],
};
