/** Balance reports: what is asked, how a report is told, and its rows. */
import { Type, type Static } from 'typebox';
import type { FIELD_NAMES } from '../rows/columns.ts';
import { REMARKS } from '../rows/remarks.ts';
import { MemberCode, named, ProcessDate, refTo, Timestamp } from './common.ts';
import { DecidingAnswer, Problem } from './problems.ts';

const code = (description: string) =>
  Type.Optional(Type.String({ pattern: '^[A-Z0-9]{1,9}$', description }));

export const filters = {
  subAccNo: Type.Optional(
    Type.String({
      pattern: '^[A-Z]{4}$',
      description: 'Sub-account. Alt hesap.',
      examples: ['SERB'],
    }),
  ),
  isin: Type.Optional(
    Type.String({ pattern: '^[A-Z0-9]{12}$', description: 'ISIN', examples: ['TRAGARAN91N1'] }),
  ),
  secClass: code('Class of the security. Kıymet sınıfı.'),
  secType: code('Type of the security. Kıymet tipi.'),
  accClass: code('Class of the account. Hesap sınıfı.'),
  portfolioCode: code('Portfolio. Portföy kodu.'),
  accNo: Type.Optional(
    Type.String({
      pattern: '^[A-Z0-9]{1,15}$',
      description: 'Account. Hesap.',
      examples: ['1001'],
    }),
  ),
};

export const FILTER_NAMES = [
  'subAccNo',
  'isin',
  'secClass',
  'secType',
  'accClass',
  'portfolioCode',
  'accNo',
] as const satisfies readonly (keyof typeof filters)[];

export const BalanceRequest = named(
  'BalanceRequest',
  Type.Object(
    {
      processDate: ProcessDate,
      member: Type.Optional(MemberCode),
      refresh: Type.Optional(
        Type.Boolean({
          description: 'true: never share a report with others. Mevcut rapora katılma.',
        }),
      ),
      ...filters,
      notify: Type.Optional(
        Type.String({
          pattern: '^[A-Za-z0-9._-]{1,64}$',
          description:
            'A notice target of the client: told when the report has ended. Bitince haber ver.',
        }),
      ),
    },
    { additionalProperties: false, description: 'Which balances. İstenen bakiyeler.' },
  ),
);

export const Filters = named(
  'Filters',
  Type.Object(filters, { additionalProperties: false, description: 'The filters of the report' }),
);

export const ReportState = Type.Enum(
  ['queued', 'preparing', 'ready', 'failed', 'cancelled', 'expired'],
  { description: 'Where the report stands. Raporun durumu.' },
);

export const Report = named(
  'Report',
  Type.Object(
    {
      id: Type.String({ format: 'uuid' }),
      member: MemberCode,
      processDate: ProcessDate,
      filters: refTo(Filters),
      state: ReportState,
      createdAt: Timestamp,
      updatedAt: Timestamp,
      startsAt: Type.Optional(Timestamp),
      readyAt: Type.Optional(Timestamp),
      expiresAt: Timestamp,
      refId: Type.Optional(Type.String({ description: "MKS's own name of the report" })),
      rowCount: Type.Optional(Type.Integer({ minimum: 0 })),
      remarks: Type.Optional(
        Type.Array(
          Type.Object({
            remark: Type.Enum([...REMARKS]),
            detail: Type.String({ description: 'Which column or value. Hangi kolon veya değer.' }),
            count: Type.Integer({ minimum: 0, description: 'In how many rows. Kaç satırda.' }),
          }),
          {
            description:
              'What the rows say that was not asked for, or leave out; all of them are delivered. ' +
              'Satırlarda istenenden farklı olanlar; satırların tümü verilir.',
          },
        ),
      ),
      queue: Type.Optional(
        Type.Object({
          position: Type.Integer({ minimum: 0, description: '1 is next; 0 has its turn' }),
        }),
      ),
      waiting: Type.Optional(
        Type.Object(
          {
            for: Type.Enum([
              'turn',
              'outside-service-hours',
              'mks-busy',
              'mks-unreachable',
              'mks-error',
              'mks-login-refused',
              'mks-unknown-outcome',
              'member-paused',
            ]),
            since: Timestamp,
            retryAt: Type.Optional(Timestamp),
            detail: Type.Optional(Type.String()),
          },
          { description: 'What holds the report up and passes by itself. Raporu bekleten.' },
        ),
      ),
      estimate: Type.Optional(
        Type.Object(
          { readyAt: Timestamp },
          { description: "By how long the member's last reports took. Tahmini hazır olma zamanı." },
        ),
      ),
      mks: Type.Optional(refTo(DecidingAnswer)),
      problem: Type.Optional(refTo(Problem)),
      links: Type.Object({
        self: Type.String(),
        rows: Type.Optional(Type.String()),
        file: Type.Optional(Type.String()),
        events: Type.String(),
      }),
    },
    { description: 'A report; what does not apply is left out. Rapor.' },
  ),
);

export type ReportDocument = Static<typeof Report>;

/** What a balance is a balance of. */
export const position = {
  mbrAccNo: Type.String({ description: 'HESAP' }),
  subAccCode: Type.String({ description: 'ALT_HESAP' }),
  secClassCode: Type.String({ description: 'KIYMET_SINIFI' }),
  mic: Type.String({ description: 'MIC' }),
  isin: Type.String({ description: 'ISIN' }),
  addDefCode: Type.String({ description: 'EK_TANIM' }),
};

export const BalanceRow = named(
  'BalanceRow',
  Type.Object(
    {
      balanceDate: Type.String({ description: 'BAKIYE_TARIHI' }),
      mbrId: Type.String({ description: 'UYE' }),
      ...position,
      balanceAmount: Type.String({ description: 'BAKIYE: an exact decimal number as a string' }),
    } satisfies Record<(typeof FIELD_NAMES)[number], unknown>,
    { description: 'One balance; what MKS left out is an empty string. Bir bakiye satırı.' },
  ),
);

export const BalanceRows = named(
  'BalanceRows',
  Type.Object(
    {
      id: Type.String({ format: 'uuid' }),
      member: MemberCode,
      processDate: ProcessDate,
      refId: Type.Optional(Type.String()),
      rows: Type.Array(refTo(BalanceRow)),
      rowCount: Type.Integer({ minimum: 0, description: 'Comes last: the document is whole' }),
    },
    { description: "A ready report's rows. Hazır raporun satırları." },
  ),
);

/** Every named schema of this file, in the order in which they refer to each other. */
export const REPORT_SCHEMAS = [
  DecidingAnswer,
  Problem,
  BalanceRequest,
  Filters,
  Report,
  BalanceRow,
  BalanceRows,
];
