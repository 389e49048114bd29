/**
 * JSON in its one canonical form (RFC 8785), for values that are all ours: texts, whole numbers,
 * booleans, lists and objects of them.
 *
 * Written here and not taken from a package: the hard part of the RFC is how a double is written, and
 * there is none in the trail. What is left is the order of names; ECMAScript writes the rest canonically.
 */

export type Canonical =
  | string
  | number
  | boolean
  | readonly Canonical[]
  | { readonly [name: string]: Canonical | undefined };

/**
 * Writes a value: no white space, what is undefined left out, names in the order of their UTF-16 code units (RFC 8785 §3.2.3). A
 * half of a surrogate pair, which has no canonical form (§3.2.2.2), becomes U+FFFD.
 *
 * @throws TypeError for a number that is not a safe integer.
 */
export function canonical(value: Canonical): string {
  if (typeof value === 'string') return canonicalText(value);
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new TypeError(`${value} is not a safe integer`);
    return String(value);
  }
  if (isList(value)) return `[${value.map(canonical).join()}]`;
  let members = '';
  for (const name of Object.keys(value).toSorted()) {
    const member = value[name];
    if (member === undefined) continue;
    members += `${members === '' ? '' : ','}${canonicalText(name)}:${canonical(member)}`;
  }
  return `{${members}}`;
}

/** Printable ASCII but the quote and the backslash: written as it is. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** A text or a name in that form. */
export function canonicalText(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text.toWellFormed());
}

/** `Array.isArray` does not narrow a list that is read-only. */
function isList(value: Canonical): value is readonly Canonical[] {
  return Array.isArray(value);
}
