/** Numbers that look random and are always the same for the same input. */

/** FNV-1a, 32 bits. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/** The finaliser of MurmurHash3 over a base and an index: 32 well-spread bits. */
export function mix(base: number, index: number): number {
  let hash = (base ^ Math.imul(index + 1, 0x9e3779b1)) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

export function pick<T>(list: readonly T[], hash: number): T {
  // The remainder is always an index of the list; the lists are not empty.
  return list[hash % list.length] as T;
}
