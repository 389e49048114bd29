/** How long a stream has waited for its reader: who holds a turn and rests may lose it (fair-turns.ts). */

export interface Rest {
  begin(): void;
  end(): void;
  ms(): number;
}

export function createRest(): Rest {
  let since: number | undefined;
  return {
    begin: () => void (since = performance.now()),
    end: () => void (since = undefined),
    ms: () => (since === undefined ? 0 : performance.now() - since),
  };
}

/** The same pieces; between two of them the stream rests, until its reader comes for the next. */
export async function* resting<T>(
  pieces: AsyncIterable<T> | Iterable<T>,
  rest: Rest,
): AsyncGenerator<T> {
  for await (const piece of pieces) {
    rest.begin();
    yield piece;
    rest.end();
  }
}
