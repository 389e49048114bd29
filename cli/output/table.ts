/** A table for people; with `--json` its document. */
import { styleText } from 'node:util';
import type { Shell } from '../shell.ts';

const GAP = '  ';

/** @param rows cells as texts; an absent one is empty. */
export function writeTable(
  { stdout }: Pick<Shell, 'stdout'>,
  titles: readonly string[],
  rows: readonly (readonly (string | number | undefined)[])[],
): void {
  const cells = rows.map((row) => row.map((cell) => String(cell ?? '')));
  const widths = titles.map((title, at) =>
    Math.max(title.length, ...cells.map((row) => row[at]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join(GAP)
      .trimEnd();
  stdout.write(`${styleText('bold', line(titles), { stream: stdout })}\n`);
  for (const row of cells) stdout.write(`${line(row)}\n`);
}

/** Names and their values, one a line; an absent value has none. */
export function writePairs(
  { stdout }: Pick<Shell, 'stdout'>,
  pairs: readonly (readonly [name: string, value: string | number | undefined])[],
): void {
  const present = pairs.filter(([, value]) => value !== undefined && value !== '');
  const width = Math.max(...present.map(([name]) => name.length));
  for (const [name, value] of present) {
    const title = styleText('bold', name.padEnd(width), { stream: stdout });
    stdout.write(`${title}${GAP}${value}\n`);
  }
}

export function writeJson({ stdout }: Pick<Shell, 'stdout'>, document: unknown): void {
  stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}
