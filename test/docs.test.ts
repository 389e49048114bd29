/** The documents, held: short enough to be read, and every link, heading and path in them exists. */
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { auth, catalogue } from '../src/mks/services/catalogue.ts';
import { environmentSchema } from '../src/config/environment.ts';

const root = join(import.meta.dirname, '..');
const README_MAX_LINES = 180;
/** What begins with one of our folders and names a file or folder, `*` allowed. */
const OUR_PATH =
  /^(?:src|console|test|sandbox|cli|examples|scripts|bench|deploy|openapi|docs|\.ci|\.github)\/[\w./*-]*$/;

const documents = ['*.md', 'docs/**/*.md', 'examples/*.md', '.github/**/*.md'].flatMap((pattern) =>
  globSync(pattern, { cwd: root }),
);

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

/** A document without its code blocks: a `#` or a bracket in there is neither heading nor link. */
function prose(file: string): string {
  return read(file).replaceAll(/^( *)```[\s\S]*?^\1```$/gm, '');
}

/** The anchors that GitHub gives a document's headings; an equal one gets a number. */
function anchorsOf(file: string): Set<string> {
  const seen = new Map<string, number>();
  const anchors = new Set<string>();
  for (const [, title = ''] of prose(file).matchAll(/^#{1,6} (.*)$/gm)) {
    const anchor = title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-');
    const count = seen.get(anchor) ?? 0;
    anchors.add(count === 0 ? anchor : `${anchor}-${count}`);
    seen.set(anchor, count + 1);
  }
  return anchors;
}

/** The links into the project: a path, an anchor, or both. */
function linksOf(file: string): string[] {
  return [...prose(file).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
}

test('there are documents and links to look at', () => {
  assert.ok(documents.length >= 15, documents.join(' '));
  assert.ok(documents.flatMap(linksOf).length >= 60);
});

test('the README can be read in one go', () => {
  const lines = read('README.md').trimEnd().split('\n').length;
  assert.ok(lines <= README_MAX_LINES, `${lines} lines: details belong into docs/`);
});

test('every link leads to a file and a heading that exist', () => {
  const wrong = documents.flatMap((file) =>
    linksOf(file).flatMap((target) => {
      const [path = '', anchor] = target.split('#');
      const linked = path === '' ? file : join(dirname(file), path);
      if (!existsSync(join(root, linked))) return [`${file}: ${target}: no such file`];
      if (anchor === undefined || anchorsOf(linked).has(anchor)) return [];
      return [`${file}: ${target}: no such heading`];
    }),
  );
  assert.deepEqual(wrong, []);
});

test('every path of ours that a document names exists', () => {
  const wrong = documents.flatMap((file) =>
    [...prose(file).matchAll(/`([^`\n]+)`/g)]
      .map(([, name = '']) => name)
      .filter((name) => OUR_PATH.test(name) && globSync(name, { cwd: root }).length === 0)
      .map((name) => `${file}: ${name}`),
  );
  assert.deepEqual(wrong, []);
});

test('every page of docs/ can be reached from the README', () => {
  const reached = new Set(['README.md']);
  for (const file of reached) {
    for (const target of linksOf(file)) {
      const linked = join(dirname(file), target.split('#')[0] ?? '');
      if (linked.endsWith('.md')) reached.add(linked);
    }
  }
  const lost = documents.filter((file) => file.startsWith('docs/') && !reached.has(file));
  assert.deepEqual(lost, []);
});

test('the page of the configuration and the gateway name the same variables', () => {
  const table = prose('docs/configuration.md').split(/^## /m, 1)[0] ?? '';
  const told = [...table.matchAll(/^\| ((?:`[A-Z0-9_]+`[, …]*)+)\|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([A-Z0-9_]+)`/g)].map(([, name = '']) => name),
  );
  // The row of the service hours names the first and the last group alone: `…_1` … `_4`.
  const named = told.flatMap((name) =>
    name === '_4' ? [2, 3, 4].map((group) => `SERVICE_HOURS_GROUP_${group}`) : [name],
  );
  assert.deepEqual(named.toSorted(), Object.keys(environmentSchema.properties).toSorted());
});

test('the page on MKS and the document of MKS name the services of the catalogue, and no other', () => {
  const table =
    prose('docs/mks.md')
      .split(/^## Services$/m)[1]
      ?.split('\n\n')[1] ?? '';
  const told = [...table.matchAll(/^\| `([\w/-]+)` +\| (\d|always open)/gm)].map(
    ([, name = '', group = '']) => `${name} ${group}`,
  );
  const { paths } = JSON.parse(read('openapi/mks.json')) as {
    paths: Record<string, { post: { 'x-service-hours-group'?: number } }>;
  };
  const drawn = Object.entries(paths).map(
    ([path, { post }]) =>
      `${path.replace('/v1/', '')} ${post['x-service-hours-group'] ?? 'always open'}`,
  );
  const known = [auth, ...catalogue].map(
    ({ name, hoursGroup = 'always open' }) => `${name} ${hoursGroup}`,
  );
  assert.deepEqual(told.toSorted(), known.toSorted());
  assert.deepEqual(drawn.toSorted(), known.toSorted());
});

test('each rule of the house says where it is kept and what proves it', () => {
  const rules = prose('docs/ARCHITECTURE.md')
    .split(/^### (?=\d+\. )/m)
    .slice(1);
  assert.equal(rules.length, 10);
  for (const rule of rules) {
    const title = rule.split('\n', 1)[0];
    for (const [label, folder] of [
      ['Kept in', 'src/'],
      ['Proved by', 'test/'],
    ] as const) {
      const paths = new RegExp(`^${label}: ([^]*?)(?:\\n\\n|$)`, 'm').exec(rule)?.[1] ?? '';
      assert.match(paths, new RegExp(`\`${folder}[^\`]+\``), `${title}: ${label}`);
    }
  }
});
