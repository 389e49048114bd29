/**
 * The rows of a JSON file, which may be an array of row objects, or an object with one such array among
 * its members. It is read to its very end: what is cut short, followed by anything else, or holds what
 * could be rows in a second place or deeper down is refused, for nothing may be skipped unread.
 */
import type { AmountReader } from './amount.ts';
import { unexpectedContent } from './errors.ts';
import { createJsonMembers, SURROUNDINGS_MAX_BYTES } from './json-members.ts';
import { createJsonRowReader, type JsonRowReader } from './json-row.ts';
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COMMA,
  MORE,
  OPEN_BRACE,
  OPEN_BRACKET,
  malformed,
  skipSpace,
} from './json-tokens.ts';
import type { RemarkCollector } from './remark-collector.ts';
import type { RowGatherer } from './row-gatherer.ts';
import { ROW_MAX_BYTES, type Scanner } from './scanner.ts';

/** White space in a row's neighbourhood, between two tokens. */
const SPACE_MAX_BYTES = 64 * 1024;

/** What is due next, white space aside. */
type Phase =
  'start' | 'first-row' | 'row' | 'after-row' | 'first-member' | 'member' | 'after-member' | 'end';

export function createJsonScanner(
  amounts: AmountReader,
  gatherer: RowGatherer,
  remarks: RemarkCollector,
): Scanner {
  const reader = createJsonRowReader(amounts, remarks);
  const members = createJsonMembers();
  let phase: Phase = 'start';
  let isObject = false;
  let spaceBytes = 0;

  /** Reads one token, row or member at `at`, not white space; gives MORE when it is incomplete. */
  function step(window: Uint8Array, at: number): number {
    const next = phaseAfterSign(phase, window[at], isObject);
    if (next !== undefined) {
      if (phase === 'start') isObject = next === 'first-member';
      phase = next;
      return at + 1;
    }
    if (phase === 'first-member' || phase === 'member') {
      const end = members.read(window, at);
      if (end !== MORE) phase = members.isAtRows ? 'row' : 'after-member';
      return end;
    }
    const end = readRow(window, at, reader);
    if (end === MORE) return MORE;
    gatherer.add(window, reader.row);
    phase = 'after-row';
    return end;
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
      if (isObject && !members.areClear) {
        throw unexpectedContent('the JSON holds no array of rows');
      }
    },
  };
}

/**
 * What is due after the bracket, brace or comma `byte`.
 * @param isObject whether the file is an object, so that its array of rows is not the whole of it.
 * @returns undefined where no sign stands, but a row or a member begins.
 * @throws ArchiveError when neither may stand there.
 */
function phaseAfterSign(
  phase: Phase,
  byte: number | undefined,
  isObject: boolean,
): Phase | undefined {
  switch (phase) {
    case 'start':
      if (byte === OPEN_BRACKET) return 'first-row';
      if (byte === OPEN_BRACE) return 'first-member';
      throw malformed();
    case 'first-row':
      return byte === CLOSE_BRACKET ? 'end' : undefined;
    case 'after-row':
      if (byte === COMMA) return 'row';
      if (byte === CLOSE_BRACKET) return isObject ? 'after-member' : 'end';
      throw malformed();
    case 'first-member':
      return byte === CLOSE_BRACE ? 'end' : undefined;
    case 'after-member':
      if (byte === COMMA) return 'member';
      if (byte === CLOSE_BRACE) return 'end';
      throw malformed();
    case 'row':
    case 'member':
      return undefined;
    case 'end':
      throw malformed();
  }
}

/** @returns the position after the row at `at`, which the reader then holds, or MORE. */
function readRow(window: Uint8Array, at: number, reader: JsonRowReader): number {
  if (window[at] !== OPEN_BRACE) {
    // Anything else that is JSON is an array of something else than rows.
    throw unexpectedContent('the array holds something that is not a row');
  }
  const end = reader.read(window, at);
  if (end === MORE) return MORE;
  if (end - at > ROW_MAX_BYTES) throw unexpectedContent('a row is too long');
  if (reader.fieldCount === 0) throw unexpectedContent('a row has none of the known fields');
  return end;
}
