/** What came of a row, as Markdown: for the screen and for docs/benchmarks.md alike. */
import { cpus, loadavg, totalmem } from 'node:os';
import { format, resolveConfig } from 'prettier';
import type { Figure, Peer, Result, Row } from './row.ts';
import { ratios, spreadOf } from './stats.ts';

export interface Outcome {
  row: Row;
  result?: Result;
  /** Why there is none. */
  failure?: string;
  /** When, on what, how often. */
  circumstances: string;
}

/** Tells of one row. */
export async function sectionOf(
  { row, result, failure, circumstances }: Outcome,
  plots = false,
): Promise<string> {
  const lines = [
    `### ${row.what}`,
    '',
    `\`npm run bench -- ${row.name}\`. Beside: ${row.peer}. ${circumstances}.`,
    '',
  ];
  if (failure !== undefined) lines.push(`**Not measured:** ${failure}`, '');
  if (result !== undefined) {
    lines.push(
      '| | ours: median (min – max) | beside | its median (min – max) | times the peer | goal |',
      '| --- | --- | --- | --- | --- | --- |',
      ...result.figures.flatMap(linesOf),
      '',
      ...(result.notes ?? []).flatMap((note) => [note, '']),
    );
    if (plots) {
      for (const { file, title } of result.plots ?? []) {
        lines.push(`![${title}](benchmarks/${file})`, '');
      }
    }
  }
  return pretty(lines.join('\n'));
}

/** A line for the figure, or one for each of its peers. */
function linesOf({ name, unit, ours, isRate = false, goal, peers = [] }: Figure): string[] {
  const own = [name, spread(ours, unit)];
  if (peers.length === 0) return [line([...own, '', '', '', judged(ours, goal, unit)])];
  return peers.map((peer, index) => {
    const first = index === 0 ? own : ['', ''];
    if (peer.missing !== undefined) {
      return line([...first, peer.name, `**missing: ${peer.missing}**`, '', '']);
    }
    const times = ratios(ours, peer.values, isRate);
    const goals = [
      ...(index === 0 ? [judged(ours, goal, unit)] : []),
      judged(times, peer.goal, '×'),
    ].filter((text) => text !== '');
    return line([
      ...first,
      peer.name,
      spread(peer.values, unit),
      spread(times, '×'),
      goals.join('; '),
    ]);
  });
}

function judged(values: number[], atMost: Peer['goal'], unit: string): string {
  if (atMost === undefined) return '';
  const isReached = spreadOf(values).median <= atMost;
  return `≤ ${withUnit(told(atMost), unit)}: ${isReached ? 'reached' : '**not reached**'}`;
}

function line(cells: string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function spread(values: number[], unit: string): string {
  // Beside a peer that cost nothing there is no ratio.
  if (!values.every(Number.isFinite)) return '–';
  const { min, median, max } = spreadOf(values);
  return `${withUnit(told(median), unit)} (${told(min)} – ${told(max)})`;
}

function withUnit(number: string, unit: string): string {
  return unit === '' ? number : `${number} ${unit}`;
}

/** Three digits that count. */
function told(value: number): string {
  const digits = Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
  return digits.toLocaleString('en', { maximumFractionDigits: 6 });
}

/** As `npm run format` would write it. */
export async function pretty(markdown: string): Promise<string> {
  return format(markdown, { ...(await resolveConfig(import.meta.filename)), parser: 'markdown' });
}

/** When and on what it is measured, from now on. */
export function circumstancesOf(runs: number): string {
  const [first] = cpus();
  const gigabytes = Math.round(totalmem() / 1e9);
  return (
    `${new Date().toISOString().slice(0, 10)}, ${runs} ${runs === 1 ? 'run' : 'runs'}, ${first?.model.trim() ?? 'unknown processor'}, ` +
    `${cpus().length} cores, ${gigabytes} GB, Node ${process.version}, ` +
    `load before ${loadavg()[0]?.toFixed(1)}`
  );
}
