/** The little that the sandbox needs to handle JSON of unknown shape. */

export type JsonObject = Record<string, unknown>;

/** Whether a parsed value is an object, and neither null nor an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The member's text, or undefined where the value is no object or the member is no string. */
export function textOf(value: unknown, name: string): string | undefined {
  const member = isObject(value) ? value[name] : undefined;
  return typeof member === 'string' ? member : undefined;
}
