/**
 * One line of the trail: an object in canonical form, and what links it to the one before.
 *
 * The text that stands in the file is the canonical form itself, so that a line's digest is taken
 * over the bytes of the file, and whoever proves it only has to see that they are canonical.
 */
import { hash } from 'node:crypto';
import type { Act, OwnLine } from './act.ts';
import { canonical, canonicalText, type Canonical } from './canonical.ts';

/** What the first line of all bears as the digest of the one before. */
export const NO_DIGEST = '0'.repeat(64);
/** Above it a reader takes a file for none of ours; the longest line names a thousand chains. */
export const MAX_LINE_BYTES = 512 * 1024;

/** A line of a chain by its number, from 1, and the SHA-256 of its text without the line end, hex. */
export interface Head {
  number: number;
  digest: string;
}

/** A line that is ready to be written. */
export interface PreparedLine extends Head {
  /** With its line end. */
  text: string;
}

/** What every line bears. */
export interface LineBase extends Record<string, unknown> {
  number: number;
  /** RFC 3339, of Istanbul. */
  time: string;
  /** The digest of the line before. */
  before: string;
  action: string;
}

/**
 * Makes the line that comes after `head`.
 * @param time RFC 3339, of Istanbul; never before that of the line before, so that a chain is in order.
 */
export function nextLine(head: Head, time: string, content: Act | OwnLine): PreparedLine {
  const number = head.number + 1;
  const text = textOf(content, { number, time, before: head.digest });
  return { number, digest: digestOf(text), text: `${text}\n` };
}

type Members = Readonly<Record<string, Canonical | undefined>>;

/** The canonical form of both together, where `link` wins; the order of names is looked up (`inOrder`). */
function textOf(content: Act | OwnLine, link: Members): string {
  const members = content as Members;
  let text = '';
  for (const { name, opening } of inOrder(content.action, members)) {
    const value = link[name] ?? members[name];
    if (value === undefined) continue;
    text += (text === '' ? '{' : ',') + opening;
    text += typeof value === 'string' ? canonicalText(value) : canonical(value);
  }
  return `${text}}`;
}

interface Named {
  name: string;
  /** As it stands in a line, with its colon. */
  opening: string;
}

/** What every line is linked by, whatever it tells of. */
const LINK = ['number', 'time', 'before'];

/**
 * By action the names that its lines have borne so far, in canonical order: to sort them for each line took
 * as long as all else about it. All of them stand in this code, so they are few.
 */
const known = new Map<string, { names: Set<string>; sorted: Named[] }>();

function inOrder(action: string, members: Members): readonly Named[] {
  let order = known.get(action);
  if (order === undefined) {
    order = { names: new Set(LINK), sorted: [] };
    known.set(action, order);
  }
  for (const name in members) {
    if (order.names.has(name)) continue;
    order.names.add(name);
    order.sorted = [...order.names]
      .toSorted()
      .map((each) => ({ name: each, opening: `${canonicalText(each)}:` }));
  }
  return order.sorted;
}

/** SHA-256 of a line without its end, hex. */
export function digestOf(text: string | Buffer): string {
  return hash('sha256', text, 'hex');
}

/** A line as it was read; undefined when it is none of the trail. */
export function parseLine(text: string): LineBase | undefined {
  try {
    const value = JSON.parse(text) as Partial<LineBase> | null;
    const isLine =
      Number.isSafeInteger(value?.number) &&
      [value?.time, value?.before, value?.action].every((each) => typeof each === 'string');
    return isLine ? (value as LineBase) : undefined;
  } catch {
    return undefined;
  }
}
