/** docs/mutants.md: how many changes were noticed, and which were not. */
import { type Mutant, shown } from './mutate.ts';

export interface Outcome {
  readonly mutant: Mutant;
  /** The test that failed, if one did. */
  readonly foundBy: string | undefined;
  /** Why nothing is there to be noticed. */
  readonly explanation: string | undefined;
}

/** @param possible how many mutants there are, of which those tried are a draw */
export function pageOf(outcomes: readonly Outcome[], possible: number): string {
  const rooms = Map.groupBy(outcomes, ({ mutant }) => roomOf(mutant.file));
  const rows = [...rooms]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([room, those]) => rowOf(`\`${room}\``, those));
  const survivors = outcomes
    .filter(({ foundBy }) => foundBy === undefined)
    .toSorted((one, other) => (one.mutant.name < other.mutant.name ? -1 : 1))
    .map(({ mutant, explanation = '**open**' }) =>
      [`\`${mutant.file}\``, cell(mutant.text), cell(shown(mutant)), cell(explanation)].join(' | '),
    )
    .map((cells) => `| ${cells} |`);
  return `# Mutants

Do the tests notice when the code is wrong? Of ${possible} small changes of the sources (an operator, a condition, a number, a
call left out) ${outcomes.length} were drawn, and are kept in \`test/mutants/drawn.txt\`: each was tried by itself, and is found when a
test fails. When they were drawn 119 were found; what survived led to better tests, to code that was left out, and to the
reasons below. \`npm run mutants\` tries them again and writes this page; \`SEED=1 npm run mutants -- src/trail\` draws
others, of one room, which nobody has looked at.

<!-- prettier-ignore-start -->
| room | changes | found | not found, with a reason | open | score |
| ---- | ------- | ----- | ------------------------ | ---- | ----- |
${[...rows, rowOf('all', outcomes)].join('\n')}

## Not found

| file | line | change | why nothing is to be noticed |
| ---- | ---- | ------ | ---------------------------- |
${survivors.join('\n')}
<!-- prettier-ignore-end -->
`;
}

function rowOf(name: string, outcomes: readonly Outcome[]): string {
  const found = outcomes.filter(({ foundBy }) => foundBy !== undefined).length;
  const open = outcomes.filter(({ foundBy, explanation }) => !foundBy && !explanation).length;
  const score = Math.round((100 * found) / outcomes.length);
  return `| ${name} | ${outcomes.length} | ${found} | ${outcomes.length - found - open} | ${open} | ${score} % |`;
}

function roomOf(file: string): string {
  return file
    .split('/')
    .slice(0, file.startsWith('src/reports') ? 3 : 2)
    .join('/');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
