/**
 * JSON as strictly as money deserves: one value per name, and no name that could reach a prototype.
 *
 * `JSON.parse` keeps the last of two equal names without a word, so two readers of one text can
 * see two different requests. Such a text is refused instead.
 */

const FORBIDDEN_NAMES = new Set(['__proto__', 'constructor', 'prototype']);

/** The text is JSON but not acceptable; `message` names the member, never its value. */
export class StrictJsonError extends Error {
  override readonly name = 'StrictJsonError';
}

/**
 * Parses a JSON text (RFC 8259).
 *
 * @param text the whole text, already decoded.
 * @throws SyntaxError when it is not JSON, StrictJsonError for a duplicate or forbidden name at any
 *   level.
 */
export function parseStrictJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  checkNames(text);
  return value;
}

/** Walks the tokens of a text that is known to be JSON; an entry of the stack is an open object's names. */
function checkNames(text: string): void {
  const open: (Set<string> | undefined)[] = [];
  let nameExpected = false;
  for (let position = 0; position < text.length; position += 1) {
    switch (text[position]) {
      case '{':
        open.push(new Set());
        nameExpected = true;
        break;
      case '[':
        open.push(undefined);
        nameExpected = false;
        break;
      case '}':
      case ']':
        open.pop();
        nameExpected = false;
        break;
      case ',':
        nameExpected = open.at(-1) !== undefined;
        break;
      case '"': {
        const end = endOfString(text, position);
        const names = open.at(-1);
        if (nameExpected && names !== undefined) {
          addName(names, nameOf(text.slice(position, end + 1)));
        }
        nameExpected = false;
        position = end;
        break;
      }
      default:
        break;
    }
  }
}

/** Without an escape the text is the name itself. */
function nameOf(quoted: string): string {
  return quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
}

function addName(names: Set<string>, name: string): void {
  if (FORBIDDEN_NAMES.has(name)) throw new StrictJsonError(`the name "${name}" is not allowed`);
  if (names.has(name)) {
    throw new StrictJsonError(`the name ${JSON.stringify(name.slice(0, 64))} occurs twice`);
  }
  names.add(name);
}

/** The position of the quote that closes the string which opens at `start`. */
function endOfString(text: string, start: number): number {
  let position = start + 1;
  while (text[position] !== '"') position += text[position] === '\\' ? 2 : 1;
  return position;
}
