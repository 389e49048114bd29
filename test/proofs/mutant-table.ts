/** The second table of docs/proof.md: the mutants that the model was given, and what gave each away. */
import type { Mutant } from '../model/mutants.ts';

export interface Found {
  mutant: Mutant;
  /** Of how many schedules the last one failed; nothing where none did. */
  after: number | undefined;
  sign: string;
  /** How often the same happened again. */
  again: number;
}

const HEADING = '## Mutants of the model';
const WORDS = `Each changes one of our rules a little, in a script or a step (\`test/model/mutants.ts\`). It is found when a schedule
does not hold that holds without it; the first such schedule was played ten times more. \`npm run proof -- 18\` writes this.`;

/** `document` with these mutants in the place of those that it had. */
export function withMutants(document: string, found: readonly Found[]): string {
  const [before = ''] = document.split(HEADING);
  const rows = found.map(({ mutant, after, sign, again }) => {
    const seen = after === undefined ? '**not found**' : String(after);
    return `| ${[mutant.name, mutant.rule, seen, nameless(sign), again].join(' | ')} |`;
  });
  return [
    before.trimEnd(),
    '',
    HEADING,
    '',
    WORDS,
    '',
    '<!-- prettier-ignore -->',
    '| mutant | what it does | found by schedule | what was seen first | seen again, of 10 |',
    // The rows of promises go behind the last line that begins with a bar, a space and a dash.
    '| :-- | :-- | --: | :-- | --: |',
    ...rows,
    '',
  ].join('\n');
}

/** Ids say nothing to a reader. */
function nameless(sign: string): string {
  return sign
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'a report')
    .replaceAll(/GW\d+-[0-9A-Z]{16}/g, 'a reference')
    .replaceAll('|', '/');
}
