/**
 * Writes docs/licences.md: what runs in production beside our own code, and under which licence, as the
 * lockfile says. test/scripts/licences.test.ts fails when the page is not that.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

interface LockedPackage {
  version?: string;
  license?: string;
  dev?: boolean;
  optional?: boolean;
  peer?: boolean;
}

export interface Licensed {
  name: string;
  version: string;
  /** SPDX, as the package says; `unknown` where it says nothing. */
  licence: string;
  /** For some platforms, or for those who choose it. */
  isOptional: boolean;
}

const root = new URL('../', import.meta.url);
const PAGE = new URL('docs/licences.md', root);

/** What `npm ci --omit=dev` may install, by name, each version once. */
export function licensedPackages(lockfile: string): Licensed[] {
  const { packages } = JSON.parse(lockfile) as { packages: Record<string, LockedPackage> };
  const found = new Map<string, Licensed>();
  for (const [path, { version = '', license, dev, optional, peer }] of Object.entries(packages)) {
    if (path === '' || dev === true) continue;
    const name = path.replace(/^.*node_modules\//, '');
    const isOptional = optional === true || peer === true;
    const licence = license ?? 'unknown';
    found.set(`${name} ${version}`, { name, version, licence, isOptional });
  }
  return [...found.values()].toSorted((one, other) =>
    `${one.name} ${one.version}` < `${other.name} ${other.version}` ? -1 : 1,
  );
}

/** The page, as prettier would have it. */
export function licencesPage(packages: readonly Licensed[]): string {
  const counts = Map.groupBy(packages, ({ licence }) => licence);
  const summary = [...counts]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([licence, those]) => `${licence} (${those.length})`)
    .join(', ');
  const rows = packages.map(({ name, version, licence, isOptional }) => [
    `\`${name}\``,
    `${version}${isOptional ? ', optional' : ''}`,
    licence,
  ]);
  return `# Licences

The gateway's own code: [Apache-2.0](../LICENSE). Beside it ${packages.length} packages can be installed in production, under ${summary}.
Written by \`npm run licences\` from \`package-lock.json\`; the texts are in \`node_modules\`, in the images too. Node has
[its own](https://github.com/nodejs/node/blob/v24.x/LICENSE), as have Debian's packages in the images (\`/usr/share/doc\`).

${table(['package', 'version', 'licence'], rows)}
`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((row) => (row[column] ?? '').length)),
  );
  const lineOf = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [head, widths.map((width) => '-'.repeat(width)), ...rows].map(lineOf).join('\n');
}

/** The page as the lockfile of now has it. */
export function presentPage(): string {
  return licencesPage(licensedPackages(readFileSync(new URL('package-lock.json', root), 'utf8')));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(PAGE, presentPage());
