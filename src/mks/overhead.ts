/**
 * What an answer may bring along beside its body: heads, interim answers, chunk sizes and their
 * extensions. None of it reaches the bounds of the body, and HTTP sets no end to it.
 */
import type { Socket } from 'node:net';

/** What the heads and the buffers between socket and reader can hold at most, and as much again. */
const OVERHEAD_MAX_BYTES = 512 * 1024;
/** MKS sends none; a proxy or an accelerator in front of it may send one or two. */
const INTERIM_ANSWERS_MAX = 8;

/** The count of one exchange. */
export interface Overhead {
  /** Counts what comes in over this socket from now on. */
  count(socket: Socket): void;
  /** A piece of the body, in bytes, has been given on. */
  taken(bytes: number): void;
  /** An interim answer (RFC 9110 §15.2) has come. */
  interim(): void;
}

/**
 * @param stop is called when the exchange has brought more than 512 KiB beside as many bytes again
 *   as its body, or more than eight interim answers.
 */
export function createOverhead(stop: () => void): Overhead {
  let bodyBytes = 0;
  let interimAnswers = 0;
  return {
    count(socket) {
      const before = socket.bytesRead;
      // Beside undici's own listener; it comes once for all that one turn of the loop has read.
      socket.on('readable', () => {
        const overheadBytes = socket.bytesRead - before - bodyBytes;
        if (overheadBytes > OVERHEAD_MAX_BYTES + bodyBytes) stop();
      });
    },
    taken(bytes) {
      bodyBytes += bytes;
    },
    interim() {
      interimAnswers += 1;
      if (interimAnswers > INTERIM_ANSWERS_MAX) stop();
    },
  };
}
