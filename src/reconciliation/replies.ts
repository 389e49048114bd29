/** What a comparing thread answers, and what becomes of it on the other side. */
import { type Failure, toError, toFailure } from '../reports/decoding/messages.ts';
import { type BadLine, LedgerError, LedgerTooLargeError } from './ledger-errors.ts';

export type Reply<Done> =
  | { done: Done }
  | { failure: Failure }
  /** What the ledger is refused for: its bad lines, or its size. */
  | { refused: readonly BadLine[] | 'too-large' };

/** An error without its class, which does not survive the way from one thread to another. */
export function failedReply(error: unknown): Reply<never> {
  if (error instanceof LedgerError) return { refused: error.badLines };
  if (error instanceof LedgerTooLargeError) return { refused: 'too-large' };
  return { failure: toFailure(error) };
}

/** What was done; throws the error as it was thrown in the thread. */
export function doneOf<Done>(reply: Reply<Done>): Done {
  if ('done' in reply) return reply.done;
  if ('failure' in reply) throw toError(reply.failure);
  if (reply.refused === 'too-large') throw new LedgerTooLargeError();
  throw new LedgerError(reply.refused);
}
