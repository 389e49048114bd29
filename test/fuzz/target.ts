/** What is fuzzed: a parser, what its inputs look like, and what may come of one. */

export interface Target {
  name: string;
  /** Inputs made by code; those of corpus/ come besides. */
  seeds(): Promise<Buffer[]>;
  /** Of the format, in latin1. */
  words: readonly string[];
  /**
   * Gives the parser one input.
   * @returns kinds of outcome, of which there are few: one that was not there yet is worth keeping.
   * @throws where the parser threw an error that it does not promise, or what it gave is wrong.
   */
  attempt(input: Buffer): Promise<readonly string[]>;
}

/** The bytes as a network may bring them: in pieces whose size follows from the input. */
export async function* inPieces(input: Buffer): AsyncGenerator<Buffer> {
  const size = Math.max(1 + (input.length % 13), input.length >> 8);
  for (let at = 0; at < input.length; at += size) yield input.subarray(at, at + size);
}

export async function* whole(input: Buffer): AsyncGenerator<Buffer> {
  if (input.length > 0) yield input;
}

/** The value that was given, or the error where it is of this class; other errors pass. */
export async function valueOr<T, E extends Error>(
  kind: abstract new (...args: never[]) => E,
  work: Promise<T>,
): Promise<{ value: T } | { error: E }> {
  try {
    return { value: await work };
  } catch (error) {
    if (error instanceof kind) return { error };
    throw error;
  }
}
