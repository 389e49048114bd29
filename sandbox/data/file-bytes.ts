/** A report's file as bytes, made while it is read: a million rows take no more memory than ten. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Shape } from '../shape.ts';
import { CSV_COLUMNS, type CsvColumn, type Row } from './columns.ts';
import { csvText } from './csv-text.ts';
import { jsonText } from './json-text.ts';

export type FileType = 'json' | 'csv';

const PIECE_CHARACTERS = 32 * 1024;

/** The Turkish letters that windows-1254 has where Latin-1 has others; all else below 256 is the same. */
const WINDOWS_1254 = new Map(
  [...'ĞİŞğış'].map((letter, index) => [letter, [0xd0, 0xdd, 0xde, 0xf0, 0xfd, 0xfe][index] ?? 0]),
);

/** The bytes of the file, in pieces of about 32 KiB; between two of them others get their turn. */
export function fileBytes(
  rows: Iterable<Row>,
  fileType: FileType,
  shape: Shape,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  return fileType === 'csv'
    ? csvBytes(rows, shape, CSV_COLUMNS)
    : encoded(jsonText(rows, shape), shape.bom, toUtf8);
}

/** The same of a CSV with columns of its own. */
export function csvBytes(
  rows: Iterable<Row>,
  shape: Shape,
  columns: readonly CsvColumn[],
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const encode = shape.csvCharset === 'windows-1254' ? toWindows1254 : toUtf8;
  return encoded(csvText(rows, shape, columns), shape.bom, encode);
}

async function* encoded(
  text: Iterable<string>,
  bom: boolean,
  encode: (text: string) => Uint8Array<ArrayBuffer>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let piece = bom ? '\uFEFF' : '';
  for (const part of text) {
    piece += part;
    if (piece.length < PIECE_CHARACTERS) continue;
    yield encode(piece);
    piece = '';
    await nextTurn();
  }
  yield encode(piece);
}

function toUtf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function toWindows1254(text: string): Uint8Array<ArrayBuffer> {
  const letters = text.replaceAll(/[ĞİŞğış]/g, (letter) => {
    return String.fromCharCode(WINDOWS_1254.get(letter) ?? 0);
  });
  return new Uint8Array(Buffer.from(letters, 'latin1'));
}
