/** The table of docs/proof.md: a row for each promise, in the order of their numbers. */
import type { Outcome, Proof } from './proof.ts';

const ROW = /^\| *(\d+) \|.*$/;

/** The row of a promise that was tried; `seconds` is how long that took. */
export function rowOf(proof: Proof, outcome: Outcome, seed: number, seconds: number): string {
  const { number, promise } = proof;
  const figure = outcome.met ? outcome.figure : `**not met**: ${outcome.figure}`;
  const again = `\`SEED=${seed} npm run proof -- ${number}\` (${Math.ceil(seconds)} s)`;
  const cells = [number, promise, outcome.done, figure, seed, again];
  return `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}

/** `document` with `row` in the place of the row of the same number, or added in order. */
export function withRow(document: string, row: string): string {
  const number = numberOf(row) ?? 0;
  const lines = document.split('\n').filter((line) => numberOf(line) !== number);
  const before = lines.findLastIndex(
    (line) => line.startsWith('| -') || (numberOf(line) ?? Infinity) < number,
  );
  return [...lines.slice(0, before + 1), row, ...lines.slice(before + 1)].join('\n');
}

/** The number of a row, or `undefined` for another line. */
export function numberOf(line: string): number | undefined {
  const number = ROW.exec(line)?.[1];
  return number === undefined ? undefined : Number(number);
}

/** How long the promise of this number took the last time, in seconds; 0 without a row. */
export function tookSeconds(document: string, number: number): number {
  const row = document.split('\n').find((line) => numberOf(line) === number);
  return Number(/\((\d+) s\) \|$/.exec(row ?? '')?.[1] ?? 0);
}
