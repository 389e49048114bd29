/** Records as the XML of a worksheet (ECMA-376-1 §18.3), in pieces. */
import { cellText, isExactNumber } from '../spreadsheet.ts';
import { escaped } from './escape.ts';

/** 1,048,576 lines of a sheet less the header (§18.3.1.73, Excel's specifications and limits). */
export const SHEET_MAX_ROWS = 1_048_575;
export const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
export const PROLOGUE = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/** Cell formats of the style sheet: the first two, then one for each number of decimals from none. */
const HEADER_STYLE = 1;
const TEXT_STYLE = 2;
const NUMBER_STYLE = 3;
export const DECIMALS_MAX = 30;

/** A column of a sheet; a sheet has 26 at most. */
export interface SheetColumn {
  name: string;
  /** In characters. */
  width: number;
  /** Its cells are numbers where a double holds every digit of them, and else texts. */
  isAmount?: boolean;
}

const letterOf = (column: number): string => String.fromCharCode(0x41 + column);

/** Until the first record, the header in it: it stays in sight. */
export function sheetHead(columns: readonly SheetColumn[]): string {
  const widths = columns.map(
    ({ width }, at) => `<col min="${at + 1}" max="${at + 1}" width="${width}" customWidth="1"/>`,
  );
  const [head, end] = textMarks(HEADER_STYLE);
  const names = columns.map(({ name }, at) => `${cellHead(at)}1${head}${escaped(name)}${end}`);
  return (
    `${PROLOGUE}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0">` +
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>' +
    `<cols>${widths.join('')}</cols><sheetData><row r="1">${names.join('')}</row>`
  );
}

/** @param filter what can be filtered: `filterRange`. */
export function sheetEnd(filter: string): string {
  return `</sheetData><autoFilter ref="${filter}"/></worksheet>`;
}

/** @param records how many there are below the header. */
export function filterRange(columns: readonly SheetColumn[], records: number): string {
  return `A1:${letterOf(columns.length - 1)}${records + 1}`;
}

/** @returns writes the cells of a record, a text for each column, as the sheet's line of that number, from 2. */
export function createRecordWriter(
  columns: readonly SheetColumn[],
): (cells: readonly string[], line: number) => string {
  const places = columns.map(({ isAmount = false }, at) => ({ head: cellHead(at), isAmount }));
  return (cells, line) => {
    let xml = `${ROW_HEAD}${line}${ROW_HEAD_END}`;
    for (let column = 0; column < places.length; column++) {
      const cell = cells[column] as string;
      if (cell === '') continue;
      const { head, isAmount } = places[column] as (typeof places)[number];
      xml += `${head}${line}${isAmount ? amountTail(cell) : textTail(cell)}`;
    }
    return `${xml}${ROW_END}`;
  };
}

/** What a line and its cells are made of; a number of the line stands between head and tail. */
export const ROW_HEAD = '<row r="';
export const ROW_HEAD_END = '">';
export const ROW_END = '</row>';
export const cellHead = (column: number): string => `<c r="${letterOf(column)}`;
export const [TEXT_HEAD, TEXT_END] = textMarks(TEXT_STYLE);
export const numberHead = (decimals: number): string => `" s="${NUMBER_STYLE + decimals}"><v>`;
export const NUMBER_END = '</v></c>';

export function textTail(text: string): string {
  return `${TEXT_HEAD}${escaped(cellText(text))}${TEXT_END}`;
}

/** A number where it is exact, with as many decimals as were written, zeros too. */
export function amountTail(amount: string): string {
  if (!isExactNumber(amount)) return textTail(amount);
  const point = amount.indexOf('.');
  const decimals = point === -1 ? 0 : amount.length - point - 1;
  return `${numberHead(decimals)}${amount}${NUMBER_END}`;
}

function textMarks(style: number): [head: string, end: string] {
  return [`" s="${style}" t="inlineStr"><is><t xml:space="preserve">`, '</t></is></c>'];
}
