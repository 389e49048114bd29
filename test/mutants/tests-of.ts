/**
 * Which tests should notice a change of a source file: its own, those of its folder, then whole ways, then the nearest
 * of those elsewhere that use it. A name that ends with a slash is all tests of a folder, run in one process.
 */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** So many test files of other folders are asked. */
const NEAREST = 5;

/** Tests of a room that meet its sources through a whole gateway or a fixture. */
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
    const mirror = source.replace(/^src\//, 'test/').replace(/\.ts$/, '.test.ts');
    const isBeside = (test: string): boolean => dirname(test) === dirname(mirror);
    const ofRoom = OF_ROOM.filter(([room]) => room.test(source)).flatMap(([, tests]) => tests);
    const using = usersOf(source);
    const tests = [
      mirror,
      ...ofRoom.filter(isFolder),
      ...using.filter(isBeside),
      ...files.filter((file) => isBeside(file) && isTest(file)),
      ...ofRoom,
      ...using.filter((test) => !isBeside(test)).slice(0, NEAREST),
    ];
    return [...new Set(tests)].filter((test) => isFolder(test) || files.includes(test));
  };

  /** Tests by the number of imports between them and the source. */
  function usersOf(source: string): string[] {
    const seen = new Set([source]);
    for (const file of seen) for (const user of users.get(file) ?? []) seen.add(user);
    return [...seen].filter(isTest);
  }
}

function isTest(file: string): boolean {
  return file.endsWith('.test.ts');
}

export function isFolder(test: string): boolean {
  return test.endsWith('/');
}

function importsOf(root: string, file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/from '(\.[^']+)'|import\('(\.[^']+)'\)/g)].map(([, one, other]) =>
    normalize(join(dirname(file), one ?? other ?? '')),
  );
}
