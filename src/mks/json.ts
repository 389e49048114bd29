/** JSON as MKS writes it: every digit kept, whatever the shape. */
import type { JsonObject } from './message.ts';

/** A number whose digits a float would not give back; JSON.stringify writes it as it was read. */
interface RawNumber {
  rawJSON: string;
}

// ES2025 (JSON.parse source text access), which TypeScript's es2024 library does not declare.
const sourceAwareJson = JSON as unknown as {
  parse(
    text: string,
    reviver: (name: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): RawNumber;
  isRawJSON(value: unknown): value is RawNumber;
};

/** What may be a number; that it stands in a string only costs time. */
const MAY_HOLD_NUMBER = /(?:^|[:[,])\s*-?\d/;

/**
 * Parses JSON. A number that a float would change (`1.10`, 22 digits) becomes a raw JSON value, so
 * that a payload which is passed on says what MKS said.
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  // Looking at each value takes several times as long as reading them.
  if (!MAY_HOLD_NUMBER.test(text)) return JSON.parse(text);
  return sourceAwareJson.parse(text, (_name, value, { source }) =>
    typeof value === 'number' && source !== undefined && String(value) !== source
      ? sourceAwareJson.rawJSON(source)
      : value,
  );
}

export function isObject(value: unknown): value is JsonObject {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !sourceAwareJson.isRawJSON(value)
  );
}

/** The text of a string or a number, which MKS may write either way; undefined for anything else. */
export function scalarText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  return sourceAwareJson.isRawJSON(value) ? value.rawJSON : undefined;
}

/** The text of a field, if it is one and not longer than it may be; an empty one is none. */
export function textAt(object: JsonObject, name: string, maxLength: number): string | undefined {
  const text = scalarText(object[name])?.trim();
  return text === undefined || text === '' || text.length > maxLength ? undefined : text;
}

/** The same text for the same value, whatever the order of names: what a payload is known by. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) =>
    isObject(part) ? Object.fromEntries(Object.entries(part).toSorted(byName)) : part,
  );
}

function byName([one]: [string, unknown], [other]: [string, unknown]): number {
  return one < other ? -1 : 1;
}
