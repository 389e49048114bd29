/** The plan of the house, held: which folder may know which, and who alone may use what. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '..');

interface Import {
  file: string;
  /** A path from the root for our own files, else the package. */
  target: string;
  isType: boolean;
  /** By `import()`: loaded when it is come to. */
  isLate: boolean;
}

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const pattern =
    /^(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'|import\('([^']+)'\)/gm;
  return [...text.matchAll(pattern)].map((match) => {
    const name = match[2] ?? match[3] ?? '';
    const target = name.startsWith('.')
      ? relative(root, join(root, dirname(file), name))
      : name.split('/', name.startsWith('@') ? 2 : 1).join('/');
    return { file, target, isType: match[1] !== undefined, isLate: match[3] !== undefined };
  });
}

const files = sources('src');
const imports = files.flatMap(importsOf);

test('there are imports to look at', () => {
  assert.ok(imports.length > 100, `${imports.length} imports found`);
});

/** Each layer with those that it may import values from; types may come from anywhere below. */
const mayImport: Record<string, string[]> = {
  lib: ['lib'],
  state: ['state', 'lib'],
  rows: ['rows', 'lib'],
  mks: ['mks', 'state', 'lib'],
  journal: ['journal', 'mks', 'state', 'lib'],
  trail: ['trail', 'lib'],
  reports: ['reports', 'mks', 'rows', 'state', 'lib'],
  orders: ['orders', 'trail', 'reports', 'rows', 'state', 'lib'],
  reconciliation: ['reconciliation', 'reports', 'rows', 'state', 'lib'],
  operations: [
    'operations',
    'journal',
    'trail',
    'orders',
    'reconciliation',
    'reports',
    'mks',
    'rows',
    'state',
    'lib',
  ],
  schemas: ['schemas', 'problems', 'rows', 'mks', 'lib'],
  problems: ['problems', 'reports', 'mks', 'state', 'lib'],
  config: ['config', 'rows', 'state', 'lib'],
  routes: ['routes', 'schemas', 'problems', 'rows', 'lib'],
  plugins: ['plugins', 'routes', 'schemas', 'problems', 'lib'],
};
const typesToo: Record<string, string[]> = {
  orders: ['config'],
  routes: [
    'orders',
    'config',
    'mks',
    'journal',
    'trail',
    'reports',
    'reconciliation',
    'operations',
    'plugins',
  ],
  plugins: ['config', 'mks', 'trail', 'reports', 'operations'],
};

/** `src/mks/token.ts` → `mks`; `src/problems.ts` → `problems`. */
function layerOf(path: string): string {
  return (path.split('/')[1] ?? '').replace(/\.ts$/, '');
}

test('arrows go down only', () => {
  const wrong = imports.filter(({ file, target, isType }) => {
    if (!target.startsWith('src/')) return false;
    const layer = layerOf(file);
    const allowed = mayImport[layer];
    if (allowed === undefined) return false;
    if (mksData.has(target) && layer !== 'lib' && layer !== 'state') return false;
    return ![...allowed, ...(isType ? (typesToo[layer] ?? []) : [])].includes(layerOf(target));
  });
  assert.deepEqual(wrong, []);
});

/** What others may know of the egress adapter, types included. */
const mksInterface = new Set([
  'src/mks/index.ts',
  'src/mks/types.ts',
  'src/mks/errors.ts',
  'src/mks/hours.ts',
  'src/mks/codes.ts',
  'src/mks/services/catalogue.ts',
]);
/** Pure data: whoever is above may import them instead of being handed them. */
const mksData = new Set(['src/mks/codes.ts', 'src/mks/services/catalogue.ts']);

test('others know the egress adapter by its interface, not by its insides', () => {
  const wrong = imports.filter(
    ({ file, target }) =>
      layerOf(file) !== 'mks' && layerOf(target) === 'mks' && !mksInterface.has(target),
  );
  assert.deepEqual(wrong, []);
});

test('above the adapter nobody names a code, a service or a field of an answer', () => {
  const named =
    /'(?:0000|(?:RP|OI|BS|MF|XS)\d{2,3}|SYS0|SP001)'|payload\[|'auth'|'(?:reports|yf)\/(?!\*)\w+|HOURS_GROUP/;
  const mayName = /^src\/(?:mks|config|schemas|routes)[/.]/;
  // A route's examples show codes; nothing in it may go by one.
  const goesBy = new RegExp(`(?:[=!]==\\s*|case |payload\\[)(?:${named.source})`);
  const wrong = files.filter((file) => {
    const isRoute = file.startsWith('src/routes/');
    return isRoute ? goesBy.test(code(file)) : !mayName.test(file) && named.test(code(file));
  });
  assert.deepEqual(wrong, [], 'ask the service to read its answer, or the table of codes');
});

/** Package → the only files that may import it, and what others use instead. */
const bans: [name: string, only: RegExp, instead: string][] = [
  ['undici', /^src\/(?:mks\/transport(?:\/|\.ts)|orders\/notices\.ts$)/, 'Mks.call of src/mks'],
  ['jose', /^src\/mks\/verify\.ts$/, 'src/mks/sign.ts and verify.ts'],
  [
    'fastify',
    /^src\/(?:app\.ts|routes\/|plugins\/|problems|schemas\/)/,
    'types of reports and mks',
  ],
  ['ajv', /^src\/config\/shape\.ts$/, 'hasShape of src/config/shape.ts, or the schema of a route'],
  ['@prometheus-io/client', /^src\/operations\//, 'Metrics of src/operations'],
  ['pkcs11js', /^src\/mks\/hsm\/(?:pkcs11|sessions)\.ts$/, 'Hsms of src/lib/hsm.ts'],
  [
    'bullmq',
    /^src\/(?:reports\/life\/(?:jobs|workers)|orders\/engine)\.ts$/,
    'Jobs of src/reports/life/jobs.ts',
  ],
  [
    'ioredis',
    /^src\/(?:state\/|journal\/|mks\/|reports\/|orders\/|operations\/|gateway\.ts|plugins\/|app\.ts)/,
    'src/state',
  ],
  ['@zip.js/zip.js', /^src\/rows\/read\//, 'src/rows/read'],
  ['hyparquet-writer', /^src\/rows\/formats\/parquet\.ts$/, 'src/rows/formats'],
  ['pkijs', /^src\/trail\/stamps\/token\.ts$/, 'proveStamp of src/trail/stamps'],
  ['asn1js', /^src\/trail\/stamps\/token\.ts$/, 'proveStamp of src/trail/stamps'],
  ['unzipper', /^$/, 'src/rows/read: unzipper checks neither CRC nor size'],
];
for (const [name, only, instead] of bans) {
  test(`${name} stays where it belongs`, () => {
    const wrong = imports.filter(({ file, target }) => target === name && !only.test(file));
    assert.deepEqual(wrong, [], `use ${instead}`);
  });
}

test('what is loaded is installed in production', () => {
  const { dependencies, peerDependencies } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  ) as Record<string, Record<string, string>>;
  const known = { ...dependencies, ...peerDependencies };
  const wrong = imports.filter(
    ({ target, isType }) => !isType && !/^(?:src\/|node:)/.test(target) && !(target in known),
  );
  assert.deepEqual(wrong, [], 'types alone may come from what is there for development');
});

test('what a start does without stays away from it', () => {
  const dear: Record<string, RegExp> = {
    // Lies behind an import() of its own.
    'node:http': /^src\/trail\/stamps\/server\.ts$/,
    '@zip.js/zip.js': /^$/,
    'hyparquet-writer': /^$/,
  };
  const wrong = imports.filter(
    ({ file, target, isType, isLate }) => !isType && !isLate && dear[target]?.test(file) === false,
  );
  assert.deepEqual(wrong, [], 'use import(), or src/lib/http.ts');
});

test('two ways lead out, to MKS by undici and to the time stamp server, and no third', () => {
  const opens =
    /import \{[^}]*\b(?:request|get|connect|createConnection)\b[^}]*\} from 'node:(?:https?|http2|net|tls|dgram)'|(?:await|return|=|globalThis\.)\s*fetch\(|new WebSocket\(/;
  const found = files.filter((file) => opens.test(code(file)));
  assert.deepEqual(found.toSorted(), [
    // A unix socket, to our own Redis.
    'src/state/embedded-process.ts',
    'src/trail/stamps/server.ts',
  ]);
});

// src/server.js, which does, is none of them.
test('only the process reads its environment and ends it', () => {
  const wrong = files.filter((file) => /process\.(?:env\b(?!\b:)|exit\()/.test(code(file)));
  assert.deepEqual(wrong, [], 'take it as an argument');
});

test('the sandbox shares no code with the gateway', () => {
  const wrong = sources('sandbox')
    .flatMap(importsOf)
    .filter(({ target }) => target.startsWith('src/') || target === 'jose');
  assert.deepEqual(wrong, [], 'one misreading could hide on both sides');
});

test('the command line knows the gateway by its HTTP API alone', () => {
  const ofOurOwnFiles = /^cli\/(?:doctor|trail|evidence|keys)\//;
  const wrong = sources('cli')
    .filter((file) => !ofOurOwnFiles.test(file))
    .flatMap((file) =>
      [...code(file).matchAll(/'(?:\.\.\/)+(src\/(?!lib\/)[^']+)'/g)].map(([, target]) => ({
        file,
        target,
      })),
    );
  assert.deepEqual(wrong, [], 'a room of its own is for what looks at the gateway’s files');
});

test('the console knows the gateway by its HTTP API alone, and the gateway the console by its files', () => {
  const fromConsole = sources('console').flatMap(importsOf);
  assert.ok(fromConsole.length > 50, `${fromConsole.length} imports found`);
  const known = /^(?:console\/|preact$|htm$|@preact\/signals$)/;
  assert.deepEqual(
    fromConsole.filter(({ target }) => !known.test(target)),
    [],
  );
  const fromGateway = imports.filter(({ target }) => target.startsWith('console/'));
  assert.deepEqual(fromGateway, []);
});

test('only the worker and the one module for calls send requests from the console', () => {
  const wrong = sources('console')
    .filter((file) => !['console/lib/api.ts', 'console/rows/worker.ts'].includes(file))
    .filter((file) =>
      /\b(?:fetch|EventSource|WebSocket|XMLHttpRequest|sendBeacon)\(/.test(code(file)),
    );
  assert.deepEqual(wrong, [], 'call of console/lib/api.ts');
});

test('no text of an answer becomes markup or a program in the console', () => {
  const making =
    /\b(?:innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|srcdoc|document\.write|eval|Function)\b/;
  const wrong = sources('console').filter((file) => making.test(code(file)));
  assert.deepEqual(wrong, [], 'a template of console/parts/html.ts makes texts of texts');
});

test('what a file gives away, another takes', () => {
  const named = /^export (?:async )?(?:function\*?|const|class) (\w+)/gm;
  const everywhere = ['src', 'console', 'sandbox', 'cli', 'scripts', 'test', 'bench'].flatMap(
    sources,
  );
  const takers = everywhere.map((file) => ({ file, text: code(file) }));
  const isTaken = (file: string, name: string): boolean =>
    takers.some((taker) => taker.file !== file && new RegExp(`\\b${name}\\b`).test(taker.text));
  const wrong = everywhere
    .filter((file) => /^(?:src|console|sandbox)\//.test(file))
    .flatMap((file) => [...code(file).matchAll(named)].map(([, name = '']) => ({ file, name })))
    .filter(({ file, name }) => !isTaken(file, name));
  assert.deepEqual(wrong, [], 'keep to the file what is for the file');
});

test('files and lines stay short enough to be read', () => {
  const long = [...files, ...sources('console')].filter(
    (file) => readFileSync(join(root, file), 'utf8').split('\n').length > 260,
  );
  assert.deepEqual(long, []);
});

/** A file without its comments. */
function code(file: string): string {
  return readFileSync(join(root, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
}
