/**
 * A page of docs/ as its test reads it: headings, blocks of code, and what a block is said to print.
 *
 * ```sh is run. ```sh no-test: <why> is for the reader's own machine alone. Any other block that stands right after
 * one that is run is what the reader sees of it. A block in the language of a sample names its file, ```java examples/….
 */
import assert from 'node:assert/strict';

export interface Block {
  /** Of the fence, counted from 1. */
  line: number;
  /** What stands behind the fence: `sh`, `text`, `sh no-test: <why>`. */
  info: string;
  body: string;
}

export interface Command extends Block {
  /** What the page shows of its output; undefined where it shows nothing. */
  shows?: Block;
}

/** Reads every fenced block, in order. */
export function blocksOf(page: string): Block[] {
  return [...page.matchAll(/^( *)```(\S.*)?\n([^]*?)^\1```$/gm)].map((match) => ({
    line: page.slice(0, match.index).split('\n').length,
    info: match[2] ?? '',
    body: match[3] ?? '',
  }));
}

/** The blocks that are run, each with the block right after it, if only blank lines lie between. */
export function commandsOf(page: string): Command[] {
  const blocks = blocksOf(page);
  const lines = page.split('\n');
  return blocks.flatMap((block, n): Command[] => {
    if (block.info !== 'sh') return [];
    const next = blocks[n + 1];
    if (next === undefined || next.info.startsWith('sh')) return [block];
    const end = block.line + block.body.split('\n').length;
    const between = lines.slice(end, next.line - 1);
    return [between.every((line) => line === '') ? { ...block, shows: next } : block];
  });
}

/** Why blocks of the page are not run. */
export function untestedOf(page: string): string[] {
  return blocksOf(page)
    .filter(({ info }) => info.startsWith('sh '))
    .map(({ info }) => info.slice('sh '.length));
}

/** The blocks that show a part of a sample, each with the sample's path. */
export function excerptsOf(page: string): (Block & { file: string })[] {
  return blocksOf(page)
    .filter(({ info }) => /^(?:java|csharp|python|js|ts)\b/.test(info))
    .map((block) => ({ ...block, file: block.info.split(' ')[1] ?? 'no file named' }));
}

/** The depths of the headings, and of what kind the blocks are, in order. */
export function shapeOf(page: string): string[] {
  const parts = page.matchAll(/^ *```(\S.*)?\n[^]*?^ *```$|^(#+) .*$/gm);
  return [...parts].map(([, info = '', heading]) => heading ?? (info.split(' ', 1)[0] || 'plain'));
}

/** The commands without what they say to the reader: a comment is in the page's own language. */
export function typedOf(page: string): string[] {
  return blocksOf(page)
    .filter(({ info }) => info.startsWith('sh'))
    .map(({ body }) => body.replaceAll(/(^|[ \t]+)# .*$/gm, ''));
}

/**
 * Holds that the output is as shown. `…` in a line stands for anything, a line of it alone for any lines. In JSON
 * `"…"` is any value, at the end of a list any further ones, and as a name any further fields.
 * @throws AssertionError with both, as a difference.
 */
export function assertShown(shows: Block, output: string, where: string): void {
  const isRight =
    shows.info === 'json'
      ? isLike(JSON.parse(shows.body), parsed(output, where))
      : patternOf(shows.body).test(`${output.trimEnd()}\n`);
  if (!isRight) assert.equal(output, shows.body, where);
}

function parsed(output: string, where: string): unknown {
  try {
    return JSON.parse(output);
  } catch {
    return assert.fail(`${where}: no JSON: ${output}`);
  }
}

/** The text as a pattern that finds it and nothing else. */
export const escaped = (text: string): string =>
  text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

const likeShown = (text: string): string => escaped(text).replaceAll('…', '.*');

function patternOf(shown: string): RegExp {
  const lines = shown
    .trimEnd()
    .split('\n')
    .map((line) =>
      line.trim() === '…' ? '(?:.*\\n)*' : `${likeShown(line.trimEnd())}[ \\t\\r]*\\n`,
    );
  return new RegExp(`^${lines.join('')}$`);
}

function isLike(shown: unknown, found: unknown): boolean {
  if (typeof shown === 'string' && shown.includes('…')) {
    if (shown === '…') return true;
    return typeof found === 'string' && new RegExp(`^${likeShown(shown)}$`, 's').test(found);
  }
  if (Array.isArray(shown)) return Array.isArray(found) && isListLike(shown, found);
  if (typeof shown === 'object' && shown !== null) return isObjectLike(shown, found);
  return shown === found;
}

function isListLike(shown: unknown[], found: unknown[]): boolean {
  const isOpen = shown.at(-1) === '…';
  const items = isOpen ? shown.slice(0, -1) : shown;
  const fits = isOpen ? found.length >= items.length : found.length === items.length;
  return fits && items.every((item, n) => isLike(item, found[n]));
}

function isObjectLike(shown: object, found: unknown): boolean {
  if (typeof found !== 'object' || found === null || Array.isArray(found)) return false;
  const { '…': more, ...fields } = shown as Record<string, unknown>;
  const has = found as Record<string, unknown>;
  if (more === undefined && Object.keys(has).length !== Object.keys(fields).length) return false;
  return Object.entries(fields).every(([name, value]) => name in has && isLike(value, has[name]));
}
