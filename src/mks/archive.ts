/** The file of async-report-content, as it comes: neither signed nor kept, only counted (MKS 6.2). */
import { MksError } from './errors.ts';
import { TransportError, type Reply, type TransportFault } from './reply.ts';
import type { MksArchive } from './types.ts';

export interface ArchiveContext {
  senderReference: string;
  maxBytes: number;
  /** Lets the file go. */
  signal?: AbortSignal;
  /** Called once, when the stream has ended or failed or has been let go. */
  onEnd: (end: 'complete' | 'broken') => void;
}

/**
 * Hands on a reply whose first piece has been looked at.
 * @param first that piece.
 */
export function passFileOn(reply: Reply, first: Uint8Array, context: ArchiveContext): MksArchive {
  let ended = false;
  const end = (how: 'complete' | 'broken'): void => {
    if (ended) return;
    ended = true;
    context.signal?.removeEventListener('abort', cancel);
    context.onEnd(how);
  };
  const cancel = (): void => {
    reply.cancel();
    end('broken');
  };
  context.signal?.addEventListener('abort', cancel, { once: true });
  async function* stream(): AsyncGenerator<Uint8Array, void, undefined> {
    let bytes = first.byteLength;
    const length = Number(reply.headers['content-length'] ?? 0);
    try {
      if (Math.max(bytes, length) > context.maxBytes) throw new TransportError('too-large', true);
      yield first;
      for await (const piece of reply.body) {
        bytes += piece.byteLength;
        if (bytes > context.maxBytes) throw new TransportError('too-large', true);
        yield piece;
      }
      end('complete');
    } catch (error) {
      throw archiveError(error, context.senderReference);
    } finally {
      // Also when the reader stops in the middle.
      cancel();
    }
  }
  const { senderReference } = context;
  return { kind: 'archive', senderReference, httpStatus: reply.status, stream: stream(), cancel };
}

const MESSAGES: Record<TransportFault, string> = {
  failed: 'the connection broke while the file came',
  deadline: 'the file did not come by the deadline',
  idle: 'the file stopped coming',
  'too-large': 'the file is larger than allowed',
  closed: 'the download was given up',
};

function archiveError(error: unknown, senderReference: string): unknown {
  if (!(error instanceof TransportError)) return error;
  const tooLarge = error.fault === 'too-large';
  return new MksError(
    tooLarge ? 'mks-error' : 'mks-unknown-outcome',
    MESSAGES[error.fault],
    { outcome: 'unknown', senderReference, ...(tooLarge && { tooLarge }) },
    error,
  );
}
