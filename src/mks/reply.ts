/** An answer as it comes off the wire, piece by piece, under one total deadline. */

export type TransportFault = 'failed' | 'deadline' | 'idle' | 'too-large' | 'closed';

export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly fault: TransportFault;
  /** False: not a single byte of the message has left. */
  readonly sent: boolean;

  constructor(fault: TransportFault, sent: boolean, cause?: unknown) {
    super(`${fault}, ${sent ? 'sent' : 'not sent'}`, { cause });
    this.fault = fault;
    this.sent = sent;
  }
}

export interface Reply {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Throws TransportError when the answer does not come whole. To be read to its end or cancelled. */
  body: AsyncGenerator<Uint8Array, void, undefined>;
  /** Lets go of the connection. */
  cancel(): void;
}

/**
 * The whole body, with the pieces of it that have been read already.
 * @throws TransportError, `too-large` above maxBytes.
 */
export async function readBody(
  reply: Reply,
  maxBytes: number,
  read: Uint8Array = new Uint8Array(),
): Promise<Buffer> {
  const chunks = [read];
  let bytes = read.byteLength;
  for await (const chunk of reply.body) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) {
      reply.cancel();
      throw new TransportError('too-large', true);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** What ends an exchange before its time: the deadline, or silence. */
export interface Guard {
  /** From now on silence counts, until the next call of either. */
  expectBytes(): void;
  expectNothing(): void;
  /** Ends the guard itself. */
  release(): void;
}

/** @param stop is told what is over: the time, or the patience. */
export function createGuard(
  timeoutMs: number,
  idleTimeoutMs: number | undefined,
  stop: (fault: 'deadline' | 'idle') => void,
): Guard {
  let silence: NodeJS.Timeout | undefined;
  const timer = setTimeout(stop, Math.max(0, timeoutMs), 'deadline');
  const expectNothing = (): void => clearTimeout(silence);
  return {
    expectBytes() {
      expectNothing();
      if (idleTimeoutMs !== undefined) silence = setTimeout(stop, idleTimeoutMs, 'idle');
    },
    expectNothing,
    release() {
      clearTimeout(timer);
      expectNothing();
    },
  };
}
