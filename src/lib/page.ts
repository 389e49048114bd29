/** Lists that are read page by page, newest first: the place where a page ended, as text and back. */

/** A place in a list that is ordered by time and then by id. */
export interface PagePlace {
  /** Wall ms of the entry. */
  time: number;
  id: string;
}

/** One page of such a list; without a cursor it was the last. */
export interface Page<Item> {
  items: Item[];
  nextCursor?: string;
}

/** Whoever asked for a page gave a cursor that this list did not make. */
export class CursorError extends Error {
  override readonly name = 'CursorError';

  constructor() {
    super('not a cursor of this list');
  }
}

/** Whether `one` comes after `other` in a list whose newest entry comes first. */
export function isOlder(one: PagePlace, other: PagePlace): boolean {
  return one.time < other.time || (one.time === other.time && one.id < other.id);
}

/** For `toSorted`: the newest first. */
export function newestFirst(one: PagePlace, other: PagePlace): number {
  return isOlder(one, other) ? 1 : -1;
}

/** The cursor that goes on after this place. Opaque to callers. */
export function toCursor({ time, id }: PagePlace): string {
  return Buffer.from(`${time} ${id}`).toString('base64url');
}

/**
 * The place that a cursor names.
 *
 * @param id the whole form of the list's ids.
 * @throws CursorError.
 */
export function parseCursor(cursor: string, id: RegExp): PagePlace {
  const match = /^(\d{1,16}) (\S{1,64})$/.exec(Buffer.from(cursor, 'base64url').toString());
  const [, time, name] = match ?? [];
  if (time === undefined || name === undefined || !id.test(name)) throw new CursorError();
  return { time: Number(time), id: name };
}
