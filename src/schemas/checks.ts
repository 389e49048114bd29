/** A caller's ledger against a day's balances. */
import { Type } from 'typebox';
import { MemberCode, named, ProcessDate, refTo, Timestamp } from './common.ts';
import { POSITION_EXAMPLE, REPORT_ID } from './report-examples.ts';
import { Filters, position } from './reports.ts';

const { secClassCode, mic, addDefCode, ...always } = position;

export const LedgerBreak = named(
  'LedgerBreak',
  Type.Object(
    {
      break: Type.Enum(['only-in-ledger', 'only-at-mks', 'different']),
      ...always,
      secClassCode: Type.Optional(secClassCode),
      mic: Type.Optional(mic),
      addDefCode: Type.Optional(addDefCode),
      ledger: Type.Optional(
        Type.String({ description: 'Exact; absent when only at MKS. Defterdeki bakiye.' }),
      ),
      mks: Type.Optional(
        Type.String({ description: 'Exact; absent when only in the ledger. MKS’deki bakiye.' }),
      ),
      difference: Type.String({ description: 'ledger − mks, exact. Fark.' }),
      firstSeen: Type.String({
        description:
          'The process date since which every check of this ledger had the break. Ne zamandan beri.',
        examples: ['20250502'],
      }),
      ageDays: Type.Integer({
        minimum: 0,
        description: 'Days from then to the process date. Kaç gündür.',
      }),
      cause: Type.Optional(
        Type.Enum(['sub-account', 'account', 'ratio', 'unknown-account'], {
          description: 'By rule; absent where none holds. Kurala göre neden.',
        }),
      ),
    },
    {
      description:
        'A position whose balances do not agree; of its fields, those that the ledger has. Uyuşmayan pozisyon.',
    },
  ),
);

const DIGEST = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

/** What a caller calls a ledger. */
export const LedgerName = Type.String({
  pattern: '^[A-Za-z0-9._-]{1,64}$',
  description: 'A name for the ledger. Defterin adı.',
  examples: ['back-office'],
});

const count = (description: string) => Type.Integer({ minimum: 0, description });
const ignoredColumns = Type.Array(Type.String(), {
  description: 'Columns of the ledger that were not looked at. Bakılmayan kolonlar.',
});
const lineCount = count('Lines of the ledger with a balance. Bakiyeli satır sayısı.');

const sha256 = (description: string) => Type.String({ description, examples: [DIGEST] });

/** What stands around the breaks. */
const around = {
  id: Type.String({ format: 'uuid', description: 'Of the check. Kontrolün kimliği.' }),
  createdAt: Timestamp,
  client: Type.String({ description: 'Who asked for it. Kim istedi.' }),
  member: MemberCode,
  processDate: ProcessDate,
  filters: refTo(Filters),
  ledger: Type.String({ description: 'The name that the ledger was given. Defterin adı.' }),
  tolerance: Type.Optional(Type.String()),
  profile: Type.Optional(
    Type.String({ description: 'Name of the profile by which the ledger was read. Profilin adı.' }),
  ),
  lineCount,
  ignoredColumns,
  report: Type.String({ description: 'The report that it was checked against. Raporun kimliği.' }),
  refId: Type.Optional(Type.String({ description: "MKS's name for the report" })),
  rowCount: count('Rows of the report. Raporun satır sayısı.'),
  ledgerSha256: sha256(
    'SHA-256 of the ledger as it was received. Alındığı haliyle defterin özeti.',
  ),
  rowsSha256: sha256(
    'SHA-256 of the rows as NDJSON: of `GET /balances/{id}/rows?format=ndjson`. Satırların özeti.',
  ),
  breaksSha256: sha256('SHA-256 of the breaks as NDJSON. Uyuşmazlıkların özeti.'),
  mks: Type.Optional(
    Type.Object(
      {
        code: Type.String(),
        senderReference: Type.String(),
        messageId: Type.Optional(Type.String()),
        answer: Type.Optional(
          Type.String({ description: 'As MKK signed it, if the journal had it. İmzalı yanıt.' }),
        ),
      },
      { description: 'The answer of MKS that gave the refId. refId veren yanıt.' },
    ),
  ),
};

const counts = Type.Object(
  {
    matched: count('Positions that agree, those within the tolerance too'),
    onlyInLedger: count('Positions of the ledger alone'),
    onlyAtMks: count('Positions at MKS alone'),
    different: count('Of both, with another balance'),
    new: count('Breaks that the check before did not have'),
    closed: count('Breaks of the check before that are gone'),
    withinTolerance: Type.Optional(count('That agree but for less than the tolerance')),
  },
  { description: 'Comes last: the document is whole. En sonda gelir.' },
);

export const CheckRecord = named(
  'CheckRecord',
  Type.Object(
    { ...around, counts },
    { description: 'A check that was made, without its breaks. Yapılmış bir kontrol.' },
  ),
);

export const KeptCheck = named(
  'KeptCheck',
  Type.Object(
    { ...around, breaks: Type.Array(refTo(LedgerBreak)), counts },
    { description: 'A check that was made, with its breaks. Yapılmış bir kontrol, farklarıyla.' },
  ),
);

const Preview = Type.Object({
  lineCount,
  decimalSign: Type.Optional(
    Type.Enum(['.', ','], { description: 'Absent where no balance bears one. Ondalık ayracı.' }),
  ),
  ignoredColumns,
  lines: Type.Array(
    Type.Object({ line: Type.Integer({ minimum: 2 }), ...position, balanceAmount: Type.String() }),
  ),
});

export const LedgerCheck = named(
  'LedgerCheck',
  Type.Union([refTo(KeptCheck), Preview], {
    description:
      'Where ledger and MKS do not agree, sorted by position; with `dryRun`, how the ledger is read. Uyuşmazlıklar.',
  }),
);

/** In the order in which they refer to each other. */
export const CHECK_SCHEMAS = [LedgerBreak, CheckRecord, KeptCheck, LedgerCheck];

const { secClassCode: _class, mic: _mic, addDefCode: _code, ...SHORT } = POSITION_EXAMPLE;

export const BREAK_EXAMPLE = {
  break: 'different',
  ...SHORT,
  ledger: '1300.50',
  mks: '1250.00',
  difference: '50.50',
  firstSeen: '20250502',
  ageDays: 3,
};

const AROUND_EXAMPLE = {
  id: '0c9c1c52-6b0a-4c39-9f6e-2f0a6a2f8f11',
  createdAt: '2025-05-06T10:15:00.000+03:00',
  client: 'reconciliation',
  member: 'TIB',
  processDate: '20250505',
  filters: {},
  ledger: 'back-office',
  lineCount: 42,
  ignoredColumns: ['NOT'],
  report: REPORT_ID,
  refId: '906997397',
  rowCount: 42,
  ledgerSha256: DIGEST,
  rowsSha256: DIGEST,
  breaksSha256: DIGEST,
  mks: { code: '0000', senderReference: 'GW17-4T9ZK2M8QWERTY01', messageId: '906997396' },
};
const COUNTS_EXAMPLE = {
  matched: 41,
  onlyInLedger: 0,
  onlyAtMks: 0,
  different: 1,
  new: 0,
  closed: 2,
};

export const CHECK_RECORD_EXAMPLE = { ...AROUND_EXAMPLE, counts: COUNTS_EXAMPLE };

export const CHECK_EXAMPLE = {
  ...AROUND_EXAMPLE,
  breaks: [BREAK_EXAMPLE],
  counts: COUNTS_EXAMPLE,
};

export const BREAKS_CSV_EXAMPLE =
  'break,HESAP,ALT_HESAP,ISIN,ledger,mks,difference,firstSeen,ageDays,cause\r\n' +
  'different,1001,SERB,TRAGARAN91N1,1300.50,1250.00,50.50,20250502,3,\r\n';

export const LEDGER_EXAMPLE = 'HESAP;ALT_HESAP;ISIN;BAKIYE\r\n1001;SERB;TRAGARAN91N1;1300,50\r\n';
