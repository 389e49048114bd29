/** The generators of clients: installed once for each lockfile, then run over the document. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { text } from 'node:stream/consumers';
import { temporaryFolder } from '../support/folder.ts';

const ROOT = join(import.meta.dirname, '../..');
const INSTALLED = join(ROOT, '.clients');
const CACHE = join(ROOT, 'node_modules/.cache');
const STAMP = 'node_modules/.setup-stamp';
/** A registry that is away is worth one more try, not npm's minutes of waiting. */
const PATIENCE = ['--fetch-retries=1', '--fetch-retry-mintimeout=500', '--fetch-timeout=30000'];

/** The programs of the generators and what they are told, in a folder of their own under `uses/`. */
export const GENERATORS: Record<string, string> = {
  'openapi-typescript': 'openapi-typescript/bin/cli.js ../gateway.json -o generated.ts',
  'hey-api': '@hey-api/openapi-ts/bin/run.js',
  orval: 'orval/dist/bin/orval.mjs --config orval.config.mjs',
  'swagger-typescript-api':
    'swagger-typescript-api/dist/cli.mjs generate -p ../gateway.json -o . -n generated.ts',
};

/** Runs a program to its end. @throws Error with what it said, when it fails. */
async function run(command: string, args: string[], cwd: string): Promise<void> {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const [output, errors, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve, reject) => child.once('error', reject).once('close', resolve)),
  ]);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')}\n${output}${errors}`);
}

/**
 * Installs the generators into `.clients` unless what lies there is what the lockfile says.
 *
 * @throws Error when the registry does not give them: without them nothing is proved.
 */
export async function installGenerators(): Promise<void> {
  const files = ['package.json', 'package-lock.json'].map((name) =>
    join(import.meta.dirname, name),
  );
  const contents = await Promise.all(files.map((file) => readFile(file)));
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}`);
  for (const content of contents) hash.update(content);
  const stamp = hash.digest('hex');
  const isInstalled = async (): Promise<boolean> =>
    (await readFile(join(INSTALLED, STAMP), 'utf8').catch(() => '')) === stamp;
  if (await isInstalled()) return;
  // Somewhere else first, for other tests may do the same at this moment, and npm begins by taking away what is there.
  await mkdir(CACHE, { recursive: true });
  const draft = await mkdtemp(join(CACHE, 'clients-'));
  for (const file of [...files, join(ROOT, '.npmrc')]) await cp(file, join(draft, basename(file)));
  await run('npm', ['ci', ...PATIENCE], draft).catch((cause: unknown) => {
    const message = 'the generators of test/clients/package.json could not be installed by npm';
    throw new Error(`${message}; can its registry be reached from here?`, { cause });
  });
  await writeFile(join(draft, STAMP), stamp);
  if (!(await isInstalled())) await rm(INSTALLED, { recursive: true, force: true });
  await rename(draft, INSTALLED).catch(async (error: unknown) => {
    // Another was quicker.
    if (!(await isInstalled())) throw error;
    await rm(draft, { recursive: true });
  });
}

/** A folder with the uses of test/clients/uses, our document and the generators beside them. */
export async function workshop(): Promise<string> {
  const folder = await temporaryFolder();
  await cp(join(import.meta.dirname, 'uses'), folder, { recursive: true });
  await cp(join(ROOT, 'openapi/gateway.json'), join(folder, 'gateway.json'));
  await symlink(join(INSTALLED, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/**
 * The client that examples/javascript holds, made anew by the settings that stand beside it.
 *
 * @returns its files by their paths in it.
 */
export async function typedClient(): Promise<Map<string, string>> {
  const folder = await temporaryFolder();
  // As in the repository: the settings find the document two folders above.
  const place = join(folder, 'examples/javascript');
  await mkdir(place, { recursive: true });
  await cp(join(ROOT, 'openapi/gateway.json'), join(folder, 'openapi/gateway.json'));
  await cp(
    join(ROOT, 'examples/javascript/openapi-ts.config.mjs'),
    join(place, 'openapi-ts.config.mjs'),
  );
  await symlink(join(INSTALLED, 'node_modules'), join(folder, 'node_modules'));
  await run(
    process.execPath,
    [join(INSTALLED, 'node_modules', GENERATORS['hey-api'] ?? '')],
    place,
  );
  return readFolder(join(place, 'client'));
}

/** Every file of a folder, by its path in it. */
export async function readFolder(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).toSorted();
  const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8')));
  return new Map(paths.map((path, at) => [relative(folder, path), texts[at] ?? '']));
}

/** Writes one generator's client beside its use. @throws Error when it cannot. */
export async function generate(folder: string, name: string): Promise<void> {
  const [program = '', ...args] = (GENERATORS[name] ?? '').split(' ');
  const file = join(INSTALLED, 'node_modules', program);
  await run(process.execPath, [file, ...args], join(folder, name));
}

/**
 * Checks every client and its use by one TypeScript, and compiles them.
 *
 * @param version `ours`, or `theirs`: the older one that many callers have.
 * @returns the compiled use of a client, by its generator's name.
 * @throws Error with every mistake.
 */
export async function compile(
  folder: string,
  version: 'ours' | 'theirs',
): Promise<(name: string) => string> {
  const home = version === 'ours' ? ROOT : INSTALLED;
  const compiler = join(home, 'node_modules/typescript/bin/tsc');
  await run(process.execPath, [compiler, '-p', 'tsconfig.json'], folder);
  return (name) => join(folder, 'built', name, 'use.js');
}
