/** docs/benchmarks.md: each row's section is replaced as it is measured anew; what people wrote around them stays. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './programs.ts';
import { pretty, sectionOf, type Outcome } from './report.ts';
import { svgOf } from './svg.ts';

const DOCUMENT = join(root, 'docs/benchmarks.md');
const PLOTS = join(root, 'docs/benchmarks');
const BEGIN = '<!-- figures: npm run bench writes from here … -->';
const END = '<!-- … to here -->';

/**
 * Writes what came of one row, with its plots.
 * @param names of all rows, in the order of the document; what is under another name goes.
 * @throws Error when the document has lost its marks.
 */
export async function writeSection(outcome: Outcome, names: readonly string[]): Promise<void> {
  const before = readFileSync(DOCUMENT, 'utf8');
  const begin = before.indexOf(BEGIN);
  const end = before.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`${DOCUMENT} has lost its marks`);
  const parts = before
    .slice(begin + BEGIN.length, end)
    .matchAll(/<!-- (\w+) -->([^]*?)(?=<!--|$)/g);
  const sections = new Map([...parts].map(([, name = '', text = '']) => [name, text.trim()]));
  sections.set(outcome.row.name, await sectionOf(outcome, true));
  const written = names.flatMap((name) => {
    const section = sections.get(name);
    return section === undefined ? [] : [`<!-- ${name} -->`, section];
  });
  const text = [before.slice(0, begin) + BEGIN, ...written, before.slice(end)].join('\n\n');
  writeFileSync(DOCUMENT, await pretty(text));
  mkdirSync(PLOTS, { recursive: true });
  for (const plot of outcome.result?.plots ?? []) {
    writeFileSync(join(PLOTS, plot.file), svgOf(plot));
  }
}
