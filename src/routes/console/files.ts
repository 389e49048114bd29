/**
 * What the console is made of, ready to be sent: the files of `console/`, types blanked in place, and the
 * packages that they import, as npm laid them.
 *
 * Made when the first browser comes, once; a name that is not among them leads nowhere, on the disk either.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface ConsoleFile {
  contentType: string;
  /** Strong: of the bytes. */
  entityTag: string;
  body: string;
}

const FOLDER = join(import.meta.dirname, '../../../console');
const PAGE = 'index.html';
/** Where the page puts what only the server knows. */
const MAP_SLOT = '<!-- import map -->';
const KEY_SLOT = '{{key}}';

/** What the sources import, and where the browser finds it under `/console/`. */
const PACKAGES = {
  htm: 'packages/htm.js',
  'htm/preact': 'packages/htm-preact.js',
  preact: 'packages/preact.js',
  'preact/hooks': 'packages/preact-hooks.js',
  '@preact/signals': 'packages/signals.js',
  '@preact/signals-core': 'packages/signals-core.js',
} as const;

const IMPORT_MAP = JSON.stringify({
  imports: Object.fromEntries(
    Object.entries(PACKAGES).map(([name, path]) => [name, `./console/${path}`]),
  ),
});

/**
 * For the page and for its worker alike: everything from here, and nothing of what a stranger could have
 * written into the page (CSP 3 §8.4: the digest lets the one script in the page be, which runs nothing).
 */
export const CONSOLE_POLICY = [
  "default-src 'none'",
  `script-src 'self' 'sha256-${createHash('sha256').update(IMPORT_MAP).digest('base64')}'`,
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** @param asksForKeys whether the page has to ask its reader for one. */
export function consolePage(asksForKeys: boolean): ConsoleFile {
  const text = readFileSync(join(FOLDER, PAGE), 'utf8')
    .replace(MAP_SLOT, `<script type="importmap">${IMPORT_MAP}</script>`)
    .replace(KEY_SLOT, asksForKeys ? 'asked' : 'none');
  return { contentType: 'text/html; charset=utf-8', body: text, entityTag: entityTagOf(text) };
}

/** Every file but the page, by its path below `/console/`. */
export function consoleFiles(): ReadonlyMap<string, ConsoleFile> {
  const own = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).map(
    (name) => [name, join(FOLDER, name)] as const,
  );
  const packages = Object.entries(PACKAGES).map(
    ([name, path]) => [path, fileURLToPath(import.meta.resolve(name))] as const,
  );
  return new Map([...own, ...packages].flatMap(([name, path]) => read(name, path)));
}

/** What can be done with a file of each kind; others (the page, settings of the compiler) are not given out. */
const KINDS: Record<string, { contentType: string; made: (source: string) => string }> = {
  '.ts': { contentType: 'text/javascript; charset=utf-8', made: withoutTypes },
  '.js': { contentType: 'text/javascript; charset=utf-8', made: asItIs },
  '.css': { contentType: 'text/css; charset=utf-8', made: asItIs },
  '.svg': { contentType: 'image/svg+xml', made: asItIs },
};

function read(name: string, path: string): [string, ConsoleFile][] {
  const kind = KINDS[extname(name)];
  if (kind === undefined) return [];
  const body = kind.made(readFileSync(path, 'utf8'));
  return [[name, { contentType: kind.contentType, body, entityTag: entityTagOf(body) }]];
}

/** Blanks stand where types stood: what a browser says of a line and a column is true of the source. */
function withoutTypes(source: string): string {
  return stripTypeScriptTypes(source, { mode: 'strip' });
}

function asItIs(source: string): string {
  return source;
}

function entityTagOf(text: string): string {
  return `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
}
