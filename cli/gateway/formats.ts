/** The formats of rows: how `Accept` names them, and which a file's name means. */
import type { Localised } from '../language.ts';
import { UsageError } from '../failures.ts';
import type { LinesOfRows } from '../output/download.ts';
import { say, type Shell } from '../shell.ts';

interface Format {
  /** Undefined where `Accept` cannot name it: another has the same type. */
  type?: string;
  /** Nothing for a terminal. */
  isFile?: boolean;
  /** What counts its rows while they come: a line each. */
  lines?: LinesOfRows;
}

const WORKBOOK = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export const ROW_FORMATS = {
  json: { type: 'application/json' },
  ndjson: { type: 'application/x-ndjson', lines: { before: 0, isQuoted: false } },
  csv: { type: 'text/csv', lines: { before: 1, isQuoted: true } },
  'csv-excel': { lines: { before: 1, isQuoted: true } },
  xlsx: { type: WORKBOOK, isFile: true },
  parquet: { type: 'application/vnd.apache.parquet', isFile: true },
} satisfies Record<string, Format>;
export const DIFFERENCE_FORMATS = ['json', 'ndjson', 'csv', 'xlsx'] as const;

export type FormatName = keyof typeof ROW_FORMATS;

export function formatOf(name: FormatName): Format {
  return ROW_FORMATS[name];
}

const TO_A_TERMINAL: Localised = {
  en: 'This format is for a file: give -o FILE, or lead it into one',
  tr: 'Bu biçim dosya içindir: -o DOSYA verin ya da çıktıyı dosyaya yönlendirin',
};

/**
 * The format that was asked for, or the one that the file's name means, or JSON.
 *
 * @throws UsageError where a file would go to a terminal.
 */
export function chooseFormat<Name extends FormatName>(
  shell: Shell,
  names: readonly Name[],
  { format, output }: { format?: Name; output?: string },
): Name {
  const extension = output?.split('.').at(-1)?.toLowerCase();
  const chosen =
    format ?? names.find((name) => name === extension) ?? ('json' satisfies FormatName as Name);
  if (formatOf(chosen).isFile === true && output === undefined && shell.stdout.isTTY) {
    throw new UsageError(say(shell, TO_A_TERMINAL));
  }
  return chosen;
}
