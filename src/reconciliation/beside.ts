/** Sorted lines gone through beside others that are sorted alike: nothing of either is held in memory. */
import { compareBytes, type Lines } from './runs.ts';

export interface Beside {
  /** Where the line that was found lies. */
  readonly lines: Lines;
  /** Whether there is a line of the key at `[start, end)`, which sorts behind the one asked for last, or is the same. */
  find(bytes: Uint8Array, start: number, end: number): boolean;
  /** Tells of those that are left. */
  finish(): void;
}

/**
 * @param lines sorted by their keys, each once.
 * @param keyEnd where the key of the line of now ends, which begins where the line does.
 * @param onPassed told of each line that was passed by without being found.
 */
export function createBeside(
  lines: Lines,
  keyEnd: (lines: Lines) => number,
  onPassed: () => void = () => undefined,
): Beside {
  let isFound = false;
  let isThere = lines.next();

  function pass(): void {
    if (!isFound) onPassed();
    isFound = false;
    isThere = lines.next();
  }

  return {
    lines,
    find(bytes, start, end) {
      for (; isThere; pass()) {
        const order = compareBytes(lines.bytes, lines.start, keyEnd(lines), bytes, start, end);
        if (order > 0) return false;
        if (order < 0) continue;
        isFound = true;
        return true;
      }
      return false;
    },
    finish() {
      while (isThere) pass();
    },
  };
}
