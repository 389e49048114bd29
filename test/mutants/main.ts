/**
 * Changes sources a little and looks whether a test notices: `npm run mutants`, `npm run mutants -- src/trail` for a
 * part. `COUNT` (200) of all that could be made are drawn by `SEED`; without arguments docs/mutants.md is written.
 *
 * Who survives is killed by a better test, or explained in explained.ts. Exits with 1 where neither was done.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom } from '../support/random.ts';
import { explanationOf } from './explained.ts';
import { type Mutant, mutantsOf, shown } from './mutate.ts';
import { type Outcome, pageOf } from './page.ts';
import { createTestsOf } from './tests-of.ts';
import { copyTree, type Tree } from './tree.ts';

const ROOMS = ['src/mks', 'src/rows', 'src/reports/life', 'src/trail'];
/** One a core of a small machine. */
const WORKERS = 2;

const root = join(import.meta.dirname, '../..');
const parts = process.argv.slice(2);
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000_000);
const count = Number(process.env['COUNT'] ?? 200);
const testsOf = createTestsOf(root);

const all = globSync('src/**/*.ts', { cwd: root })
  .filter((file) => (parts.length > 0 ? parts : ROOMS).some((part) => file.startsWith(part)))
  .toSorted()
  .flatMap((file) => mutantsOf(file, readFileSync(join(root, file), 'utf8')));
const chosen = createRandom(seed).shuffled(all).slice(0, count);
console.log(`${chosen.length} of ${all.length} mutants, SEED=${seed}`);

const left = chosen.values();
const outcomes: Outcome[] = [];
const unchanged = new Map<string, Promise<boolean>>();
await Promise.all(Array.from({ length: WORKERS }, work));

const open = outcomes.filter(({ foundBy, explanation }) => !foundBy && !explanation);
if (parts.length === 0)
  writeFileSync(join(root, 'docs/mutants.md'), pageOf(outcomes, all.length, seed));
console.log(`${outcomes.filter(({ foundBy }) => foundBy).length} found, ${open.length} open`);
process.exitCode = open.length === 0 ? 0 : 1;

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
  console.log(`${mutant.file}:${mutant.line} ${shown(mutant)} ${word}`);
  return { mutant, foundBy, explanation };
}

async function firstToFind(tree: Tree, mutant: Mutant): Promise<string | undefined> {
  for (const test of testsOf(mutant.file))
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
