/** What changed between two days. */
import { Type } from 'typebox';
import { MemberCode, named, ProcessDate, refTo } from './common.ts';
import { POSITION_EXAMPLE } from './report-examples.ts';
import { position } from './reports.ts';

export const Change = named(
  'Change',
  Type.Object(
    {
      change: Type.Enum(['added', 'removed', 'changed']),
      ...position,
      before: Type.Optional(
        Type.String({ description: 'Exact; absent when added. Eski bakiye; yeni pozisyonda yok.' }),
      ),
      after: Type.Optional(
        Type.String({ description: 'Exact; absent when removed. Yeni bakiye; kalkanda yok.' }),
      ),
      difference: Type.String({ description: 'after − before, exact. Fark.' }),
    },
    {
      description:
        'A position whose balance differs; rows of one position are added up. Değişen pozisyon.',
    },
  ),
);

const count = (description: string) => Type.Integer({ minimum: 0, description });

export const Changes = named(
  'Changes',
  Type.Object(
    {
      member: MemberCode,
      from: ProcessDate,
      to: ProcessDate,
      changes: Type.Array(refTo(Change)),
      counts: Type.Object(
        {
          added: count('Positions of `to` alone'),
          removed: count('Positions of `from` alone'),
          changed: count('Of both, with another balance'),
          same: count('Of both, with the same balance'),
        },
        { description: 'Comes last: the document is whole. En sonda gelir.' },
      ),
    },
    { description: 'What changed, sorted by position. Değişenler, pozisyon sırasıyla.' },
  ),
);

export const CHANGE_EXAMPLE = {
  change: 'changed',
  ...POSITION_EXAMPLE,
  before: '1250.00',
  after: '1300.50',
  difference: '50.50',
};

export const CHANGES_EXAMPLE = {
  member: 'TIB',
  from: '20250502',
  to: '20250505',
  changes: [CHANGE_EXAMPLE],
  counts: { added: 0, removed: 0, changed: 1, same: 41 },
};

export const CHANGES_CSV_EXAMPLE =
  'change,HESAP,ALT_HESAP,KIYMET_SINIFI,MIC,ISIN,EK_TANIM,before,after,difference\r\n' +
  'changed,1001,SERB,HS,XIST,TRAGARAN91N1,,1250.00,1300.50,50.50\r\n';
