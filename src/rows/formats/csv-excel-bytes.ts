/**
 * Kept lines → CSV for a Turkish Excel, from bytes to bytes. Of nearly all cells the kinds of their signs say whether
 * a spreadsheet leaves them alone. For the others the texts are asked (`spreadsheet.ts`), and nothing is decided here
 * that they would decide otherwise.
 */
import { copyBytes, viewOf } from '../../lib/words.ts';
import { FIELD_NAMES } from '../columns.ts';
import { exactDecimals, UNCLEAR } from './kept-amounts.ts';
import * as kept from './kept-cells.ts';
import { createKnownCells } from './known-cells.ts';

const AMOUNT = FIELD_NAMES.length - 1;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const QUOTE = 0x22;
const COMMA = 0x2c;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const DELIMITER = 0x3b;
const EQUALS = 0x3d;

/** Bounds within which all is clear: what is longer is asked for. */
const NUMBER_DIGITS = 11;
const FORMULA_BYTES = 127;
const WORDS_BYTES = 32_767;
const ISIN_BYTES = 12;
/** Truths (true, false, doğru, yanlış) are words that a spreadsheet changes: how they begin, how short they are. */
const TRUTHS = new Set(Buffer.from('tfdyTFDY'));
const TRUTH_BYTES = 4;

const AS_IT_IS = 0;
const FORMULA = 1;
const ASK = 2;
type Fate = typeof AS_IT_IS | typeof FORMULA | typeof ASK;

/** What is to be written for a cell's text, with what it needs around it. */
export interface CellTexts {
  text(cell: string): string;
  amount(cell: string): string;
}

/** @returns writes lines as `writeCsvLines` does, and says NOT_AS_KEPT too where a text became too long for its place. */
export function createExcelLines(
  texts: CellTexts,
): (piece: Buffer, target: Buffer, from: number) => number {
  const cells = kept.createKeptCells();
  const { starts, ends, kinds } = cells;
  const text = createKnownCells(texts.text);
  const amount = createKnownCells(texts.amount);
  return (piece, target, from) => {
    const [source, into] = [viewOf(piece), viewOf(target)];
    let used = from;
    for (let at = 0; at < piece.length;) {
      at = kept.findCells(piece, source, at, cells);
      if (at === kept.NOT_AS_KEPT) return kept.NOT_AS_KEPT;
      for (let field = 0; field <= AMOUNT; field++) {
        const [start, end] = [starts[field] as number, ends[field] as number];
        const isAmount = field === AMOUNT;
        const fate = isAmount
          ? fateOfAmount(piece, start, end)
          : fateOfText(piece, start, end, kinds[field] as number);
        if (fate === ASK) {
          const written = (isAmount ? amount : text)(piece, start, end);
          // What comes after it takes no more room than it has now.
          const room = target.length - used - (piece.length - end);
          if (written.length > room) return kept.NOT_AS_KEPT;
          target.set(written, used);
          used += written.length;
        } else if (isAmount) used = writeAmount(piece, start, end, target, used);
        else if (fate === FORMULA) used = writeFormula(source, start, end, into, used);
        else used = copyBytes(source, start, end, into, used);
        target[used++] = isAmount ? CARRIAGE_RETURN : DELIMITER;
      }
      target[used++] = LINE_FEED;
    }
    return used;
  };
}

function fateOfAmount(piece: Uint8Array, start: number, end: number): Fate {
  return exactDecimals(piece, start, end) === UNCLEAR ? ASK : AS_IT_IS;
}

/** What `isLeftAlone` and `asFormula` say of the text, where the kinds of its signs tell it. */
function fateOfText(piece: Uint8Array, start: number, end: number, kinds: number): Fate {
  const length = end - start;
  if (length === 0) return AS_IT_IS;
  const first = piece[start] as number;
  if (kinds === kept.DIGIT) {
    if (length === 1 || (first !== ZERO && length <= NUMBER_DIGITS)) return AS_IT_IS;
    return length <= FORMULA_BYTES ? FORMULA : ASK;
  }
  if ((kinds & kept.ESCAPE) !== 0) return ASK;
  if (isLetter(first)) {
    if ((kinds & kept.DIGIT) === 0) {
      if ((kinds & kept.SEMICOLON) !== 0 || length > WORDS_BYTES) return ASK;
      return length >= TRUTH_BYTES && TRUTHS.has(first) ? ASK : AS_IT_IS;
    }
    if (isIsin(piece, start, end, kinds)) return AS_IT_IS;
  }
  return (kinds & kept.FAR) === 0 && length <= FORMULA_BYTES ? FORMULA : ASK;
}

function isLetter(byte: number): boolean {
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x7a;
}

function isIsin(piece: Uint8Array, start: number, end: number, kinds: number): boolean {
  return (
    end - start === ISIN_BYTES &&
    (kinds & ~(kept.UPPER | kept.DIGIT)) === 0 &&
    (piece[start + 1] as number) > NINE &&
    (piece[end - 1] as number) <= NINE
  );
}

function writeAmount(
  piece: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  from: number,
): number {
  let used = from;
  for (let at = start; at < end; at++) {
    const byte = piece[at] as number;
    target[used++] = byte === POINT ? COMMA : byte;
  }
  return used;
}

/** `="…"`, whose quotes are doubled in a cell in quotes: seven bytes more, where names and quotes were eight at least. */
function writeFormula(
  source: DataView,
  start: number,
  end: number,
  into: DataView,
  from: number,
): number {
  into.setUint8(from, QUOTE);
  into.setUint8(from + 1, EQUALS);
  into.setUint8(from + 2, QUOTE);
  into.setUint8(from + 3, QUOTE);
  const used = copyBytes(source, start, end, into, from + 4);
  into.setUint8(used, QUOTE);
  into.setUint8(used + 1, QUOTE);
  into.setUint8(used + 2, QUOTE);
  return used + 3;
}
