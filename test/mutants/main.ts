/**
 * Changes sources a little and looks whether a test notices. `npm run mutants` tries those that drawn.txt names, writes
 * there which test found each, to be asked first the next time, and writes docs/mutants.md; `SEED=… COUNT=100 npm run mutants -- src/trail` draws others, of a part where one is given,
 * and writes nothing.
 *
 * Who survives is killed by a better test, or explained in explained.ts. Exits with 1 where neither was done, and
 * where a name or a reason fits no line of the sources any more.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom } from '../support/random.ts';
import { explanationOf, outlivedAmong } from './explained.ts';
import { type Mutant, mutantsOf } from './mutate.ts';
import { type Outcome, pageOf } from './page.ts';
import { createTestsOf } from './tests-of.ts';
import { copyTree, type Tree } from './tree.ts';

const ROOMS = ['src/mks', 'src/rows', 'src/reports/life', 'src/trail'];
/** One more than a small machine has cores: whole ways wait as long as they compute. */
const WORKERS = 3;
/** Drawn once and kept, since another draw has other survivors, and a change of any source makes it another draw. */
const DRAWN = join(import.meta.dirname, 'drawn.txt');

const root = join(import.meta.dirname, '../..');
const parts = process.argv.slice(2);
const { SEED, COUNT = '200' } = process.env;
const isDraw = parts.length > 0 || SEED !== undefined;
const seed = Number(SEED ?? Date.now() % 1_000_000_000);
const testsOf = createTestsOf(root);

const all = globSync('src/**/*.ts', { cwd: root })
  .filter((file) => [...ROOMS, ...parts].some((room) => file.startsWith(room)))
  .toSorted()
  .flatMap((file) => mutantsOf(file, readFileSync(join(root, file), 'utf8')));
const drawn = isDraw ? new Map<string, string>() : readDrawn();
const { chosen, stale } = isDraw ? draw() : named([...drawn.keys()]);
console.log(`${chosen.length} of ${all.length} mutants${isDraw ? `, SEED=${seed}` : ''}`);

// Who was not found the last time is asked of every test: first, so that none of them is left alone at the end.
const wasMissed = ({ name }: Mutant): boolean => drawn.get(name) === '';
const left = chosen.toSorted((a, b) => Number(wasMissed(b)) - Number(wasMissed(a))).values();
const outcomes: Outcome[] = [];
const unchanged = new Map<string, Promise<boolean>>();
await Promise.all(Array.from({ length: WORKERS }, work));

const open = outcomes.filter(({ foundBy, explanation }) => !foundBy && !explanation);
if (!isDraw) {
  writeFileSync(join(root, 'docs/mutants.md'), pageOf(outcomes, all.length));
  const lines = outcomes.map(({ mutant, foundBy }) =>
    [mutant.name, foundBy ?? []].flat().join(' | '),
  );
  writeFileSync(
    DRAWN,
    `${[...lines, ...stale.filter((name) => drawn.has(name))].toSorted().join('\n')}\n`,
  );
}
for (const name of stale) console.log(`fits no line any more: ${name}`);
console.log(`${outcomes.filter(({ foundBy }) => foundBy).length} found, ${open.length} open`);
process.exitCode = open.length + stale.length === 0 ? 0 : 1;

function draw(): { chosen: Mutant[]; stale: string[] } {
  const of = all.filter(({ file }) =>
    (parts.length > 0 ? parts : ROOMS).some((part) => file.startsWith(part)),
  );
  return { chosen: createRandom(seed).shuffled(of).slice(0, Number(COUNT)), stale: [] };
}

/** By name the test that found it the last time, '' where none did. */
function readDrawn(): Map<string, string> {
  const lines = readFileSync(DRAWN, 'utf8').trim().split('\n');
  return new Map(
    lines.map((line) => {
      const [, name = '', test = ''] = /^(.*?)(?: \| (test\/\S+))?$/.exec(line) ?? [];
      return [name, test];
    }),
  );
}

/** The mutants of these names, and the names and explanations that fit none. */
function named(names: readonly string[]): { chosen: Mutant[]; stale: string[] } {
  const byName = new Map(all.map((mutant) => [mutant.name, mutant]));
  return {
    chosen: names.flatMap((name) => byName.get(name) ?? []),
    stale: [...names.filter((name) => !byName.has(name)), ...outlivedAmong(all)],
  };
}

async function work(): Promise<void> {
  const tree = copyTree(root);
  try {
    for (const mutant of left) outcomes.push(await tryOne(tree, mutant));
  } finally {
    tree.remove();
  }
}

async function tryOne(tree: Tree, mutant: Mutant): Promise<Outcome> {
  const foundBy = await firstToFind(tree, mutant);
  const explanation = foundBy === undefined ? explanationOf(mutant) : undefined;
  const word = foundBy ?? (explanation ? `survives: ${explanation}` : 'SURVIVES');
  console.log(`${mutant.name} | ${word}`);
  return { mutant, foundBy, explanation };
}

async function firstToFind(tree: Tree, mutant: Mutant): Promise<string | undefined> {
  const tests = new Set([drawn.get(mutant.name) ?? '', ...testsOf(mutant.file)].filter(Boolean));
  for (const test of tests)
    if ((await tree.fails(test, mutant)) && (await passesUnchanged(tree, test))) return test;
  return undefined;
}

/** A test that fails without any change has found nothing. */
function passesUnchanged(tree: Tree, test: string): Promise<boolean> {
  const known = unchanged.get(test);
  if (known !== undefined) return known;
  const passes = tree.passes(test);
  unchanged.set(test, passes);
  void passes.then((does) => does || console.log(`${test} fails by itself`));
  return passes;
}
