/** Rows with what spreadsheets are known to change, and random ones of the same kind. */
import { FIELD_NAMES } from '../../src/rows/columns.ts';

type Row = Record<(typeof FIELD_NAMES)[number], string>;

// prettier-ignore
export const HOSTILE_TEXTS = [
  '', '0', '1001', '0012345', '-1', '+1', '00', '1.5', '1,5', '12345678901', '123456789012', '12345678901234567',
  '03-05', '3/5', '03.05.2025', '2025-05-05', '20250505', 'MAY-05', '5 Mayıs', 'Oca 5', 'MAR1', 'SEPT2', 'Mart 2025',
  '12:30', '1E5', '1e-5', '12D3', '0x1F', 'TRUE', 'FALSE', 'doğru', 'DOĞRU', 'YANLIŞ', ' true ', '5%', '₺5', '5 TL', 'TL5', '$5',
  '=1+1', '=HYPERLINK("http://x")', '+1+1', '-1+1', '@SUM(A1)', '\t=1+1', ' =1+1', "'=1+1", '"=1+1"', '|calc', '%5',
  '=cmd|\' /C calc\'!A0', '#N/A', '#REF!', '(5)', '1 000', '1.234', '1.234.567', '1 1/2', ' 12', '12 ', ' ab ', 'a  b',
  'ISIN', 'TRAGARAN91N1', 'US0378331005', 'SERB', 'HS', 'XIST', 'RÜÇHAN "a",;', 'ı İ ğ Ş', 'a;b', 'a\nb', '5\n6', '_x0041_', '<a&b>',
  'E5', 'A1', 'R1C1', 'Ağu', 'Pzt 5', '5.5.5', '1:2:3', '--5', '1-', '5e', '😀', '😀5'.repeat(150), 'x'.repeat(300), '5;'.repeat(400),
];

// prettier-ignore
export const HOSTILE_AMOUNTS = [
  '0', '0.00', '-0', '-0.00', '1', '-1250.10', '1250.00', '12345678901234567.123', '12345678901234567', '123456789012345',
  '1234567890123456', '9007199254740993', '0.1', '0.000000000000000001', '-0.30000000000000004', '999999999999999.9', '1.234',
  '100000000000000000000', '0012.5', '0.123456789012345', '0.1234567890123456', `1${'0'.repeat(400)}`, '99999999999999.99',
  '1234567890.12345678901234567890',
];

/** As many random rows after those of the lists, the same for the same seed. */
export function hostileRows(count: number, seed: number): Row[] {
  const random = mulberry32(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const listed = HOSTILE_TEXTS.map((text, at) =>
    rowOf(() => text, HOSTILE_AMOUNTS[at % HOSTILE_AMOUNTS.length] as string),
  );
  const alphabet = Array.from('0123456789000111.,-+/: %eEaAzİışğ₺$()=@\'";&<_x');
  const text = (): string =>
    Array.from({ length: Math.floor(random() * 14) }, () => pick(alphabet)).join('');
  const digits = (most: number): string =>
    Array.from({ length: 1 + Math.floor(random() * most) }, () => Math.floor(random() * 10)).join(
      '',
    );
  const amount = (): string =>
    `${pick(['', '', '-'])}${digits(18).replace(/^0+(?=\d)/, '')}${random() < 0.7 ? `.${digits(12)}` : ''}`;
  return [
    ...listed,
    ...Array.from({ length: count }, () =>
      rowOf(() => (random() < 0.2 ? pick(HOSTILE_TEXTS) : text()), amount()),
    ),
  ];
}

function rowOf(text: () => string, balanceAmount: string): Row {
  const entries = FIELD_NAMES.map((name) => [name, text()]);
  return { ...(Object.fromEntries(entries) as Row), balanceAmount };
}

function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
