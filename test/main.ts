/**
 * Every test of the project but `OF_THE_TREE`: `npm test`. Files run side by side, each in a process of its own, the
 * long ones first, so that none of them is left alone at the end; the many short ones share processes, a folder's files one, since most of
 * their work would be to start. Then, two at once, those that hold times against each other. `npm test --
 * test/docs.test.ts` runs these files alone. Exits with 1 where one failed, and names all that did at the very end: each
 * stage has a summary of its own, and the last one says nothing of the first.
 *
 * Most tests wait for sockets, disks and each other more than they compute: more files than cores run at once.
 */
import { globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { pathToFileURL } from 'node:url';
import { makeSharedFiles } from './support/sandbox-files.ts';
import { SHARED_KEYS_VARIABLE } from './support/shared-keys.ts';

const ROOT = join(import.meta.dirname, '..');
const AT_ONCE = 5;
/** What takes longest, as a whole. */
const LONG = [
  'test/docs/guides.test.ts',
  'test/console/accessibility.test.ts',
  'test/examples/samples.test.ts',
  'test/model/model.test.ts',
  'test/canary.test.ts',
  'test/e2e/crash.test.ts',
  'test/e2e/standing-days.test.ts',
  'test/result-codes.test.ts',
];
/** What compares durations, or has to be in time: beside much else it would judge that. */
const IN_TIME = [
  'test/e2e/desk.test.ts',
  'test/one-process.test.ts',
  'test/lib/fair-turns.test.ts',
];
/**
 * What looks at its own process, or changes what all of a process share: its garbage, its event loop, its time zone, its
 * timers; and what has a deadline while the others of a process are loaded.
 */
const ALONE = [
  'test/fuzz/fuzz.test.ts',
  'test/journal/bulk.test.ts',
  'test/lib/tidy.test.ts',
  'test/mks/hsm/hsm.test.ts',
  'test/orders/runs.test.ts',
  'test/plugins/load-shedding.test.ts',
  'test/state/connection.test.ts',
  'test/trail/list.test.ts',
];
/** So many files share a process: a folder has more than one where it has many. */
const TOGETHER = 10;
/**
 * The folders whose files take longest, together: they come before all others. Those of e2e wait most of the time, and
 * those that compute and wait for nothing come beside them, so that no core is idle.
 */
const LONG_FOLDERS = ['e2e', 'rows', 'reconciliation', 'cli'];

/** What builds and tests a copy of the whole tree: `npm run check` runs it, with what else looks at all of it. */
const OF_THE_TREE = ['test/docs/adding-a-service.test.ts'];

// Compiled once for all processes of all tests; what they start is told by test/support/inherited.ts. Of code that was
// kept compiled V8 tells less exactly what ran of it.
if (process.env['NODE_V8_COVERAGE'] !== undefined) process.env['NODE_DISABLE_COMPILE_CACHE'] = '1';
else process.env['NODE_COMPILE_CACHE'] = join(ROOT, 'node_modules/.cache/compiled');

// test/one-process.test.ts runs those of replies and faults.
const found = globSync(['test/*.test.ts', 'test/!(replies|faults|support)/**/*.test.ts'], {
  cwd: ROOT,
})
  .toSorted()
  .filter((file) => ![LONG, IN_TIME, ALONE, OF_THE_TREE].some((some) => some.includes(file)));

const asked = process.argv.slice(2);
const failed: string[] = [];
if (asked.length > 0) await tryAll(asked, AT_ONCE);
else {
  const folder = mkdtempSync(join(tmpdir(), 'mks-tests-'));
  process.once('exit', () => rmSync(folder, { recursive: true }));
  process.env[SHARED_KEYS_VARIABLE] = folder;
  await makeSharedFiles(folder);
  await tryAll([...LONG, ...ALONE, ...together(found, folder)], AT_ONCE);
  await tryAll(IN_TIME, 2);
  console.log(`Tried by npm run check, not here: ${OF_THE_TREE.join(', ')}`);
}
if (failed.length > 0) {
  console.log(['', `${failed.length} failed, of all files:`, ...failed].join('\n'));
  process.exitCode = 1;
}

/** @returns modules in the folder that import the files, a few of one folder of tests each. */
function together(files: readonly string[], folder: string): string[] {
  const rooms = Map.groupBy(files, (file) => file.split('/').slice(1, -1)[0] ?? 'test');
  const rank = ([room]: [string, string[]]): number =>
    LONG_FOLDERS.includes(room) ? LONG_FOLDERS.indexOf(room) : LONG_FOLDERS.length;
  const inOrder = [...rooms].toSorted((one, other) => rank(one) - rank(other));
  return inOrder.flatMap(([room, inRoom]) => {
    const count = Math.ceil(inRoom.length / TOGETHER);
    return Array.from({ length: count }, (_, n) => {
      const path = join(folder, `${room}-${n}.mjs`);
      // By `import`, so that all are loaded before a test begins: loading holds the event loop.
      const imports = inRoom
        .filter((_file, at) => at % count === n)
        .map((file) => `import ${JSON.stringify(pathToFileURL(join(ROOT, file)))};\n`);
      writeFileSync(path, imports.join(''));
      return path;
    });
  });
}

async function tryAll(names: readonly string[], concurrency: number): Promise<void> {
  const files = names.map((name) => resolve(ROOT, name));
  const events = run({ files, concurrency, cwd: ROOT });
  events.on('test:fail', ({ name, file = '' }) =>
    failed.push(`✖ ${relative(ROOT, file)}: ${name}`),
  );
  const shown = events.compose(new spec());
  for await (const text of shown) process.stdout.write(text as string);
}
