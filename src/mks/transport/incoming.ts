/** The body of an answer between the wire and whoever reads it. */
import type { Dispatcher } from 'undici';

/** What may wait for its reader before MKS has to wait too. */
const WAITING_MAX_BYTES = 64 * 1024;

export interface Incoming {
  /** @param controller pauses the wire and lets it go on. */
  add(piece: Uint8Array, controller: Dispatcher.DispatchController): void;
  /** No piece comes any more. @param failure what the reader is told in place of the pieces that wait. */
  end(failure?: Error): void;
  /**
   * For one reader, who asks again when it is answered.
   * @returns undefined when the answer has ended. @throws the failure.
   */
  next(): Promise<Uint8Array | undefined>;
}

export function createIncoming(): Incoming {
  const waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let wire: Dispatcher.DispatchController | undefined;
  let ended: { failure: Error | undefined } | undefined;
  let wake: (() => void) | undefined;

  return {
    add(piece, controller) {
      waiting.push(piece);
      waitingBytes += piece.byteLength;
      wire = controller;
      if (waitingBytes > WAITING_MAX_BYTES) wire.pause();
      wake?.();
    },
    end(failure) {
      ended = { failure };
      wake?.();
    },
    async next() {
      if (waiting.length === 0 && ended === undefined) {
        await new Promise<void>((resolve) => (wake = resolve));
      }
      if (ended?.failure !== undefined) throw ended.failure;
      const piece = waiting.shift();
      waitingBytes -= piece?.byteLength ?? 0;
      // At once more may come, and pause it again.
      if (wire?.paused === true && waitingBytes <= WAITING_MAX_BYTES) wire.resume();
      return piece;
    },
  };
}
