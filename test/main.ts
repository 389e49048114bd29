/**
 * Every test of the project: `npm test`. Files run side by side, each in a process of its own, the long ones first, so
 * that none of them is left alone at the end; then, two at once, those that hold times against each other; `npm test --
 * test/docs.test.ts` these files alone. Exits with 1 where one failed, and names all that did at the very end: each stage
 * has a summary of its own, and the last one says nothing of the first.
 *
 * Most tests wait for sockets, disks and each other more than they compute: more files than cores run at once.
 */
import { globSync } from 'node:fs';
import { join, relative } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

const ROOT = join(import.meta.dirname, '..');
const AT_ONCE = 4;
/** What takes longest, as a whole. */
const LONG = [
  'test/docs/guides.test.ts',
  'test/console/accessibility.test.ts',
  'test/examples/samples.test.ts',
  'test/model/model.test.ts',
  'test/canary.test.ts',
  'test/e2e/crash.test.ts',
];
/** What compares durations, or has to be in time: beside much else it would judge that. */
const IN_TIME = [
  'test/e2e/desk.test.ts',
  'test/e2e/live.test.ts',
  'test/e2e/standing-days.test.ts',
  'test/one-process.test.ts',
  'test/lib/fair-turns.test.ts',
];

// Compiled once for all processes of all tests; what they start is told by test/support/inherited.ts. Of code that was
// kept compiled V8 tells less exactly what ran of it.
if (process.env['NODE_V8_COVERAGE'] !== undefined) process.env['NODE_DISABLE_COMPILE_CACHE'] = '1';
else process.env['NODE_COMPILE_CACHE'] = join(ROOT, 'node_modules/.cache/compiled');

// test/one-process.test.ts runs those of replies and faults.
const found = globSync(['test/*.test.ts', 'test/!(replies|faults|support)/**/*.test.ts'], {
  cwd: ROOT,
})
  .toSorted()
  .filter((file) => !LONG.includes(file) && !IN_TIME.includes(file));

const asked = process.argv.slice(2);
const failed: string[] = [];
if (asked.length > 0) await tryAll(asked, AT_ONCE);
else {
  await tryAll([...LONG, ...found], AT_ONCE);
  await tryAll(IN_TIME, 2);
}
if (failed.length > 0) {
  console.log(['', `${failed.length} failed, of all files:`, ...failed].join('\n'));
  process.exitCode = 1;
}

async function tryAll(names: readonly string[], concurrency: number): Promise<void> {
  const files = names.map((name) => join(ROOT, name));
  const events = run({ files, concurrency, cwd: ROOT });
  events.on('test:fail', ({ name, file = '' }) =>
    failed.push(`✖ ${relative(ROOT, file)}: ${name}`),
  );
  const shown = events.compose(new spec());
  for await (const text of shown) process.stdout.write(text as string);
}
