/**
 * Turns of the event loop for what takes milliseconds at a time: one of them a turn, whoever writes it, so that
 * others wait for one, however many read.
 */
import { createPace } from '../../lib/pace.ts';

const pace = createPace(1);

/** Resolves when the work that follows has the turn for itself. */
export function ownTurn(): Promise<void> {
  return new Promise((resolve) => {
    pace(1, resolve);
  });
}

/** The same pieces, each given in a turn of its own. */
export async function* inOwnTurns(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const piece of pieces) {
    await ownTurn();
    yield piece;
  }
}
