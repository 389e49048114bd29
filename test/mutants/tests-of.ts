/** Which tests should notice a change of a source file: those that use it, the nearest first, those of its folder, then whole ways. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** So many test files that use a source are asked, before those of its folder and its room. */
const NEAREST = 5;

/** Tests of a room that meet its sources through a whole gateway or a fixture; whole folders end with a slash. */
const OF_ROOM: readonly [room: RegExp, tests: readonly string[]][] = [
  [
    /^src\/mks\//,
    [
      'test/mks/call.test.ts',
      'test/mks/transport.test.ts',
      'test/e2e/hostile.test.ts',
      'test/e2e/one-login.test.ts',
    ],
  ],
  [/^src\/mks\/(?:answer|receive|reply|verify)\b/, ['test/replies/']],
  [/^src\/mks\/(?:overhead|reply|transport)\b/, ['test/faults/']],
  [/^src\/mks\/hsm\//, ['test/e2e/hsm.test.ts']],
  [/^src\/rows\//, ['test/e2e/balances.test.ts', 'test/e2e/ledgers.test.ts']],
  [
    /^src\/reports\//,
    ['test/reports/store.test.ts', 'test/e2e/desk.test.ts', 'test/e2e/borne.test.ts'],
  ],
  [/^src\/trail\//, ['test/cli/trail.test.ts', 'test/e2e/trail.test.ts']],
];

/** @param root the tree @returns for each source its tests, the first to ask first, from the root */
export function createTestsOf(root: string): (source: string) => string[] {
  const files = globSync('{src,sandbox,cli,test}/**/*.ts', { cwd: root });
  const users = new Map<string, string[]>();
  for (const file of files)
    for (const used of importsOf(root, file)) users.set(used, [...(users.get(used) ?? []), file]);

  return (source) => {
    const nearest = nearestTests(source).slice(0, NEAREST);
    const mirror = `${dirname(source).replace(/^src/, 'test')}/`;
    const beside = testsUnder(mirror);
    const ofRoom = OF_ROOM.filter(([room]) => room.test(source))
      .flatMap(([, tests]) => tests)
      .flatMap((test) => (test.endsWith('/') ? testsUnder(test) : test));
    return [...new Set([...nearest, ...beside, ...ofRoom])].filter((file) => files.includes(file));
  };

  function testsUnder(folder: string): string[] {
    return files.filter((file) => file.startsWith(folder) && file.endsWith('.test.ts'));
  }

  /** Tests by the number of imports between them and the source; its own mirror before all. */
  function nearestTests(source: string): string[] {
    const mirror = source.replace(/^src\//, 'test/').replace(/\.ts$/, '.test.ts');
    const seen = new Set([source]);
    for (const file of seen) for (const user of users.get(file) ?? []) seen.add(user);
    const tests = [...seen].filter((file) => file.endsWith('.test.ts'));
    return tests.toSorted((one, other) => Number(other === mirror) - Number(one === mirror));
  }
}

function importsOf(root: string, file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/from '(\.[^']+)'|import\('(\.[^']+)'\)/g)].map(([, one, other]) =>
    normalize(join(dirname(file), one ?? other ?? '')),
  );
}
