/**
 * The rows of a JSON file, which may be an array of row objects, or an object with one such array among
 * its members. It is read to its very end: what is cut short, followed by anything else, or holds what
 * could be rows in a second place or deeper down is refused, for nothing may be skipped unread.
 */
import type { AmountReader } from './amount.ts';
import { unexpectedContent } from './errors.ts';
import { createJsonRowReader, namesAField } from './json-row.ts';
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COMMA,
  MORE,
  OPEN_BRACE,
  OPEN_BRACKET,
  keyEnd,
  malformed,
  skipSpace,
  stringEnd,
  stringText,
  valueEnd,
} from './json-tokens.ts';
import type { RemarkCollector } from './remark-collector.ts';
import type { RowGatherer } from './row-gatherer.ts';
import { PENDING_MAX_BYTES, ROW_MAX_BYTES, type Scanner } from './scanner.ts';

/** What may stand outside the rows, all of it together. */
const SURROUNDINGS_MAX_BYTES = PENDING_MAX_BYTES;

/** White space in a row's neighbourhood, between two tokens. */
const SPACE_MAX_BYTES = 64 * 1024;

type Phase =
  'start' | 'first-row' | 'row' | 'after-row' | 'first-member' | 'member' | 'after-member' | 'end';

export function createJsonScanner(
  amounts: AmountReader,
  gatherer: RowGatherer,
  remarks: RemarkCollector,
): Scanner {
  const reader = createJsonRowReader(amounts, remarks);
  const memberNames = new Set<string>();
  let phase: Phase = 'start';
  let insideObject = false;
  let rowsFound = false;
  let emptyArrays = 0;
  /** Arrays and objects beside the rows that hold something. */
  let others = 0;
  let surroundingBytes = 0;
  let spaceBytes = 0;

  function readStart(window: Uint8Array, at: number): number {
    if (window[at] === OPEN_BRACKET) {
      phase = 'first-row';
      rowsFound = true;
    } else if (window[at] === OPEN_BRACE) {
      phase = 'first-member';
      insideObject = true;
    } else {
      throw malformed();
    }
    return at + 1;
  }

  function readRow(window: Uint8Array, at: number): number {
    if (window[at] !== OPEN_BRACE) {
      // Anything else that is JSON is an array of something else than rows.
      throw unexpectedContent('the array holds something that is not a row');
    }
    const end = reader.read(window, at);
    if (end === MORE) return MORE;
    if (end - at > ROW_MAX_BYTES) throw unexpectedContent('a row is too long');
    if (reader.fieldCount === 0) throw unexpectedContent('a row has none of the known fields');
    gatherer.add(window, reader.row);
    phase = 'after-row';
    return end;
  }

  function endArray(at: number): number {
    phase = insideObject ? 'after-member' : 'end';
    return at + 1;
  }

  /** Whether the array at `at` begins with a row; MORE when the window does not tell. */
  function looksLikeRows(window: Uint8Array, at: number): boolean | typeof MORE {
    const first = skipSpace(window, at + 1);
    if (first >= window.length) return MORE;
    if (window[first] !== OPEN_BRACE) return false;
    const end = valueEnd(window, first);
    if (end === MORE) return MORE;
    return namesAField(window, first, end);
  }

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

  function readMember(window: Uint8Array, at: number): number {
    const value = keyEnd(window, at);
    if (value === MORE || value >= window.length) return MORE;
    const isArray = window[value] === OPEN_BRACKET;
    const isRows = isArray && !rowsFound && looksLikeRows(window, value);
    if (isRows === MORE) return MORE;
    const end = isRows ? value + 1 : valueEnd(window, value);
    if (end === MORE) return MORE;
    if (!isRows) takeOther(window, value, end);
    const name = stringText(window, at + 1, stringEnd(window, at + 1) - 1);
    if (memberNames.has(name)) throw unexpectedContent('the root object bears a name twice');
    memberNames.add(name);
    surroundingBytes += end - at;
    if (surroundingBytes > SURROUNDINGS_MAX_BYTES) {
      throw unexpectedContent('there is too much beside the rows');
    }
    if (isRows) rowsFound = true;
    phase = isRows ? 'row' : 'after-member';
    return end;
  }

  /** Reads one token or row at `at`, which is not white space; gives MORE when it is incomplete. */
  function step(window: Uint8Array, at: number): number {
    const byte = window[at];
    switch (phase) {
      case 'start':
        return readStart(window, at);
      case 'first-row':
        return byte === CLOSE_BRACKET ? endArray(at) : readRow(window, at);
      case 'row':
        return readRow(window, at);
      case 'after-row':
        if (byte === CLOSE_BRACKET) return endArray(at);
        if (byte !== COMMA) throw malformed();
        phase = 'row';
        return at + 1;
      case 'first-member':
      case 'member':
        if (phase === 'member' || byte !== CLOSE_BRACE) return readMember(window, at);
        phase = 'end';
        return at + 1;
      case 'after-member':
        if (byte !== CLOSE_BRACE && byte !== COMMA) throw malformed();
        phase = byte === COMMA ? 'member' : 'end';
        return at + 1;
      case 'end':
        throw malformed();
    }
  }

  return {
    get pendingMaxBytes() {
      return phase === 'member' || phase === 'first-member'
        ? SURROUNDINGS_MAX_BYTES
        : ROW_MAX_BYTES;
    },
    scan(window) {
      let position = 0;
      for (;;) {
        const at = skipSpace(window, position);
        spaceBytes += at - position;
        if (spaceBytes > SPACE_MAX_BYTES) throw unexpectedContent('there is too much white space');
        if (at >= window.length) return at;
        const end = step(window, at);
        if (end === MORE) return at;
        spaceBytes = 0;
        position = end;
      }
    },
    end() {
      if (phase !== 'end') throw unexpectedContent('the JSON ends too early');
      // No rows is only what can be nothing else: one empty array, and nothing beside it with room.
      const isEmpty = emptyArrays === 1 && others === 0;
      if (!rowsFound && !isEmpty) throw unexpectedContent('the JSON holds no array of rows');
    },
  };
}
