/**
 * The cells of a kept line → a line of a worksheet's XML, from bytes to bytes. For a cell whose kinds of signs do not
 * tell what becomes of it the texts are asked (`sheet.ts`), and nothing is decided here that they would decide otherwise.
 */
import { copyBytes, viewOf } from '../../../lib/words.ts';
import { exactDecimals, UNCLEAR } from '../kept-amounts.ts';
import { ESCAPE, type KeptCells, MARKUP } from '../kept-cells.ts';
import { createKnownCells } from '../known-cells.ts';
import * as sheet from './sheet.ts';

const WORD_BYTES = 8;
/** No text of so many bytes is too long for a cell. */
const TEXT_BYTES = 32_767;
const ZERO = 0x30;

/** Bytes that are always the same, padded to whole words. */
interface Mark {
  view: DataView;
  length: number;
}

function mark(text: string): Mark {
  const bytes = Buffer.alloc(Math.ceil(text.length / WORD_BYTES) * WORD_BYTES);
  return { view: viewOf(bytes), length: bytes.write(text) };
}

const ROW_HEAD = mark(sheet.ROW_HEAD);
const ROW_HEAD_END = mark(sheet.ROW_HEAD_END);
const ROW_END = mark(sheet.ROW_END);
const TEXT_HEAD = mark(sheet.TEXT_HEAD);
const TEXT_END = mark(sheet.TEXT_END);
const NUMBER_END = mark(sheet.NUMBER_END);
const NUMBER_HEADS = Array.from({ length: sheet.DECIMALS_MAX + 1 }, (_, decimals) =>
  mark(sheet.numberHead(decimals)),
);

/** `&` becomes five bytes, and nothing more. */
const MOST_BYTES_A_BYTE = 5;
/** Around the texts of nine columns, and what a word writes too much. */
const LINE_BYTES = 1024;

/** How much room a line of so many bytes may need. */
export function roomFor(bytes: number): number {
  return LINE_BYTES + MOST_BYTES_A_BYTE * bytes;
}

/** @returns writes a line where there is room for it, as the sheet's line of that number; gives the position after it. */
export function createLineWriter(
  columns: readonly sheet.SheetColumn[],
): (
  piece: Buffer,
  source: DataView,
  cells: KeptCells,
  line: number,
  target: Buffer,
  from: number,
) => number {
  const heads = columns.map((_, column) => mark(sheet.cellHead(column)));
  const isAmount = columns.map((column) => column.isAmount === true);
  const text = createKnownCells(sheet.textTail);
  const amount = createKnownCells(sheet.amountTail);
  const number = mark('9'.repeat(WORD_BYTES));
  return (piece, source, { starts, ends, kinds }, line, target, from) => {
    const into = viewOf(target);
    setNumber(number, line);
    let used = put(ROW_HEAD, into, from);
    used = put(number, into, used);
    used = put(ROW_HEAD_END, into, used);
    for (let column = 0; column < heads.length; column++) {
      const [start, end] = [starts[column] as number, ends[column] as number];
      if (start === end) continue;
      used = put(heads[column] as Mark, into, used);
      used = put(number, into, used);
      const isNumber = isAmount[column] === true;
      const decimals = isNumber ? exactDecimals(piece, start, end) : UNCLEAR;
      if (decimals !== UNCLEAR) {
        used = put(NUMBER_HEADS[decimals] as Mark, into, used);
        used = copyBytes(source, start, end, into, used);
        used = put(NUMBER_END, into, used);
      } else if (isNumber || isUnclear(kinds[column] as number, end - start)) {
        const written = (isNumber ? amount : text)(piece, start, end);
        target.set(written, used);
        used += written.length;
      } else {
        used = put(TEXT_HEAD, into, used);
        used = copyBytes(source, start, end, into, used);
        used = put(TEXT_END, into, used);
      }
    }
    return put(ROW_END, into, used);
  };
}

function isUnclear(kinds: number, bytes: number): boolean {
  return (kinds & (ESCAPE | MARKUP)) !== 0 || bytes > TEXT_BYTES;
}

/** Writes it, and up to seven bytes too much, which are to be written over. @returns the position after it. */
function put({ view, length }: Mark, into: DataView, at: number): number {
  for (let offset = 0; offset < length; offset += WORD_BYTES) {
    into.setBigInt64(at + offset, view.getBigInt64(offset));
  }
  return at + length;
}

/** @param line up to eight digits. */
function setNumber(number: Mark, line: number): void {
  number.length = 1;
  for (let power = 10; power <= line; power *= 10) number.length++;
  let left = line;
  for (let at = number.length - 1; at >= 0; at--) {
    number.view.setUint8(at, ZERO + (left % 10));
    left = Math.trunc(left / 10);
  }
}
