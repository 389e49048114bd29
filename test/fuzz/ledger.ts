/** A caller's ledger: a LedgerError that names lines, or records, the same however the bytes are cut. */
import assert from 'node:assert/strict';
import { LedgerError } from '../../src/reconciliation/ledger-errors.ts';
import { readLedger } from '../../src/reconciliation/ledger.ts';
import { SEPARATOR } from '../../src/reconciliation/positions.ts';
import { inPieces, type Target, valueOr, whole } from './target.ts';

const HEAD = 'HESAP;ALT_HESAP;ISIN;BAKIYE';
const WIDE = 'secClassCode;mic;addDefCode;NOT;mbrAccNo;subAccCode;isin;balanceAmount';
/** Several, or most changes would hit the header. */
const LINES = ['5', '-7,50', '1.234.567,5', '0', '+3', ',5', '00012'].map(
  (amount, at) => `${at};SERB;TRAGARAN91N1;${amount}`,
);
const AMOUNT = /^-?\d+(?:\.\d+)?$/;

interface Read {
  kinds: string[];
  /** What came out, as a text to compare. */
  told: string;
}

export const ledger: Target = {
  name: 'ledger',
  words: [
    ...HEAD.split(';'),
    ...'KIYMET_SINIFI MIC EK_TANIM mbrAccNo subAccCode isin balanceAmount'.split(' '),
    ...String.raw`" "" ";" ; , | \ - + 1.234 1.234,5 1,234.5 1,95795E+07`.split(' '),
  ].concat([' ', '\t', '\n', '\r\n', '\r', '\xef\xbb\xbf', '\xc4\xb0', '\xdd', '\x1f']),
  async seeds() {
    const texts = [
      [HEAD, ...LINES, ''].join('\n'),
      [HEAD.replaceAll(';', ','), '"1","a ""b""\nc","T","1,234.50"', '2,A,T,0.5'].join('\r\n'),
      [`\uFEFF${WIDE}`, ...LINES.map((line) => `HS;XIST;E;x;${line}`)]
        .join('\r')
        .replaceAll(';', '\t'),
      [HEAD, '1;A;T;1.234', '', '2;A;T;2,000', '3;A;T;7'].join('\n'),
    ];
    const turkish = [HEAD, '\xdd\xfe;A;T;1.234', ...LINES].join('\n');
    return [...texts.map((text) => Buffer.from(text)), Buffer.from(turkish, 'latin1')];
  },
  async attempt(input) {
    const [once, again] = [await read(input, whole), await read(input, inPieces)];
    // Whether a byte that is not UTF-8 or another fault is met first depends on where the pieces end.
    const isEncoding = [...once.kinds, ...again.kinds].includes('encoding');
    if (!isEncoding) assert.equal(again.told, once.told, 'in pieces it reads otherwise');
    return once.kinds;
  },
};

async function read(input: Buffer, cut: typeof whole): Promise<Read> {
  let records: string[] = [];
  const reading = readLedger(
    () => cut(input),
    () => {
      records = [];
      return (_hash, record, length, line) =>
        records.push(`${line} ${record.toString('utf8', 0, length)}`);
    },
  );
  const outcome = await valueOr(LedgerError, reading);
  if ('error' in outcome) {
    const { badLines } = outcome.error;
    const lastLine = input.toString('latin1').split(/\r\n|\r|\n/).length;
    for (const { line } of badLines) assert.ok(line >= 1 && line <= lastLine, `line ${line}`);
    return { kinds: badLines.map(({ fault }) => fault), told: JSON.stringify(badLines) };
  }
  const { lineCount, decimalSign = 'none' } = outcome.value;
  assert.equal(records.length, lineCount);
  for (const record of records) {
    const values = record.split(SEPARATOR);
    assert.equal(values.length, 7);
    assert.match(values[6] ?? '', AMOUNT);
  }
  return { kinds: [`read, sign ${decimalSign}`], told: records.join('\n') };
}
