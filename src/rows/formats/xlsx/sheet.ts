/** Rows as the XML of a worksheet (ECMA-376-1 §18.3), in pieces. */
import { COLUMN_NAMES } from '../../columns.ts';
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

const LETTERS = COLUMN_NAMES.map((_, column) => String.fromCharCode(0x41 + column));
const LAST = LETTERS.at(-1) ?? 'A';
const WIDTHS = [14, 9, 18, 10, 14, 8, 16, 18, 24];

/** Until the first row, the header in it: it stays in sight. */
export const SHEET_HEAD =
  `${PROLOGUE}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0">` +
  '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>' +
  WIDTHS.map(
    (width, at) => `<col min="${at + 1}" max="${at + 1}" width="${width}" customWidth="1"/>`,
  ).join('') +
  `</cols><sheetData><row r="1">${COLUMN_NAMES.map((name, column) => textCell(column, 1, name, HEADER_STYLE)).join('')}</row>`;

/** @param rows how many there were, for the filter's range. */
export function sheetEnd(rows: number): string {
  return `</sheetData><autoFilter ref="${filterRange(rows)}"/></worksheet>`;
}

export function filterRange(rows: number): string {
  return `A1:${LAST}${rows + 1}`;
}

/** @param line the row's place in the sheet, from 2. */
export function sheetRow(cells: readonly string[], line: number): string {
  let xml = `<row r="${line}">`;
  const amountAt = cells.length - 1;
  for (let column = 0; column < cells.length; column++) {
    const cell = cells[column] as string;
    if (cell === '') continue;
    xml +=
      column === amountAt && isExactNumber(cell)
        ? `<c r="${LAST}${line}" s="${NUMBER_STYLE + decimalsOf(cell)}"><v>${cell}</v></c>`
        : textCell(column, line, cell, TEXT_STYLE);
  }
  return `${xml}</row>`;
}

/** With as many decimals as MKS wrote, zeros too. */
function decimalsOf(amount: string): number {
  const point = amount.indexOf('.');
  return point === -1 ? 0 : amount.length - point - 1;
}

function textCell(column: number, line: number, text: string, style: number): string {
  return `<c r="${LETTERS[column]}${line}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escaped(cellText(text))}</t></is></c>`;
}
