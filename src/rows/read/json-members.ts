/** The members of a root object, of which one at most is the array of rows. */
import { unexpectedContent } from './errors.ts';
import {
  MORE,
  OPEN_BRACE,
  OPEN_BRACKET,
  keyEnd,
  skipSpace,
  stringEnd,
  stringText,
  valueEnd,
} from './json-tokens.ts';
import { namesAField } from './json-values.ts';
import { PENDING_MAX_BYTES } from './scanner.ts';

/** What may stand outside the rows, all of it together. */
export const SURROUNDINGS_MAX_BYTES = PENDING_MAX_BYTES;

export interface JsonMembers {
  /**
   * Reads the member whose key begins at `at`.
   * @returns the position after it, or within the array of rows, at its first row; MORE when it is
   *   incomplete.
   * @throws ArchiveError when it is not well-formed, its name stands twice, or rows hide in it.
   */
  read(window: Uint8Array, at: number): number;
  /** Whether the member that was read last is the array of rows. */
  readonly isAtRows: boolean;
  /**
   * Whether what was read says without doubt what the rows are: they were found, or there are none,
   * which only one empty array says, and nothing beside it with room for rows.
   */
  readonly areClear: boolean;
}

export function createJsonMembers(): JsonMembers {
  const names = new Set<string>();
  let isAtRows = false;
  let rowsFound = false;
  let emptyArrays = 0;
  /** Arrays and objects beside the rows that hold something. */
  let others = 0;
  let bytes = 0;

  /** Looks at a member that is not the rows, and is skipped. */
  function takeOther(window: Uint8Array, value: number, end: number): void {
    const isArray = window[value] === OPEN_BRACKET;
    if (!isArray && window[value] !== OPEN_BRACE) return;
    if (namesAField(window, value, end)) {
      throw unexpectedContent('rows stand in more than one place, or deeper down');
    }
    if (isArray && skipSpace(window, value + 1) === end - 1) emptyArrays++;
    else others++;
  }

  return {
    read(window, at) {
      const value = keyEnd(window, at);
      if (value === MORE || value >= window.length) return MORE;
      const isRows = !rowsFound && looksLikeRows(window, value);
      if (isRows === MORE) return MORE;
      const end = isRows ? value + 1 : valueEnd(window, value);
      if (end === MORE) return MORE;
      if (!isRows) takeOther(window, value, end);
      const name = stringText(window, at + 1, stringEnd(window, at + 1) - 1);
      if (names.has(name)) throw unexpectedContent('the root object bears a name twice');
      names.add(name);
      bytes += end - at;
      if (bytes > SURROUNDINGS_MAX_BYTES) {
        throw unexpectedContent('there is too much beside the rows');
      }
      isAtRows = isRows;
      if (isRows) rowsFound = true;
      return end;
    },
    get isAtRows() {
      return isAtRows;
    },
    get areClear() {
      return rowsFound || (emptyArrays === 1 && others === 0);
    },
  };
}

/** Whether the value at `at` is an array that begins with a row; MORE when the window does not tell. */
function looksLikeRows(window: Uint8Array, at: number): boolean | typeof MORE {
  if (window[at] !== OPEN_BRACKET) return false;
  const first = skipSpace(window, at + 1);
  if (first >= window.length) return MORE;
  if (window[first] !== OPEN_BRACE) return false;
  const end = valueEnd(window, first);
  if (end === MORE) return MORE;
  return namesAField(window, first, end);
}
