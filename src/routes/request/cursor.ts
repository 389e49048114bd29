/** A cursor that a list did not make is the caller's mistake. */
import { CursorError } from '../../lib/page.ts';
import { ProblemError } from '../../problems.ts';

/** For `catch`. @throws ProblemError `invalid-request` for a CursorError, else the error itself. */
export function refuseCursor(error: unknown): never {
  if (!(error instanceof CursorError)) throw error;
  const message = { en: 'is not a cursor of this list', tr: 'bu listenin imleci değil' };
  throw new ProblemError('invalid-request', {
    extensions: { errors: [{ path: 'cursor', message }] },
    cause: error,
  });
}
