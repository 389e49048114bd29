/** A caller's ledger against a day's balances. */
import { Type } from 'typebox';
import { MemberCode, named, ProcessDate, refTo } from './common.ts';
import { POSITION_EXAMPLE } from './report-examples.ts';
import { position } from './reports.ts';

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

const count = (description: string) => Type.Integer({ minimum: 0, description });
const ignoredColumns = Type.Array(Type.String(), {
  description: 'Columns of the ledger that were not looked at. Bakılmayan kolonlar.',
});
const lineCount = count('Lines of the ledger with a balance. Bakiyeli satır sayısı.');

const Check = Type.Object({
  member: MemberCode,
  processDate: ProcessDate,
  ledger: Type.String({ description: 'The name that the ledger was given. Defterin adı.' }),
  tolerance: Type.Optional(Type.String()),
  lineCount,
  ignoredColumns,
  breaks: Type.Array(refTo(LedgerBreak)),
  counts: Type.Object(
    {
      matched: count('Positions that agree, those within the tolerance too'),
      onlyInLedger: count('Positions of the ledger alone'),
      onlyAtMks: count('Positions at MKS alone'),
      different: count('Of both, with another balance'),
      withinTolerance: Type.Optional(count('That agree but for less than the tolerance')),
    },
    { description: 'Comes last: the document is whole. En sonda gelir.' },
  ),
});

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
  Type.Union([Check, Preview], {
    description:
      'Where ledger and MKS do not agree, sorted by position; with `dryRun`, how the ledger is read. Uyuşmazlıklar.',
  }),
);

const { secClassCode: _class, mic: _mic, addDefCode: _code, ...SHORT } = POSITION_EXAMPLE;

export const BREAK_EXAMPLE = {
  break: 'different',
  ...SHORT,
  ledger: '1300.50',
  mks: '1250.00',
  difference: '50.50',
};

export const CHECK_EXAMPLE = {
  member: 'TIB',
  processDate: '20250505',
  ledger: 'back-office',
  lineCount: 42,
  ignoredColumns: ['NOT'],
  breaks: [BREAK_EXAMPLE],
  counts: { matched: 41, onlyInLedger: 0, onlyAtMks: 0, different: 1 },
};

export const BREAKS_CSV_EXAMPLE =
  'break,HESAP,ALT_HESAP,ISIN,ledger,mks,difference,cause\r\n' +
  'different,1001,SERB,TRAGARAN91N1,1300.50,1250.00,50.50,\r\n';

export const LEDGER_EXAMPLE = 'HESAP;ALT_HESAP;ISIN;BAKIYE\r\n1001;SERB;TRAGARAN91N1;1300,50\r\n';
