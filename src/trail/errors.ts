/** The failure of the trail as others see it. */

/** The act could not be written down: nothing may leave. Its cause says why, for operators. */
export class TrailUnavailableError extends Error {
  override readonly name = 'TrailUnavailableError';

  constructor(reason: string, options?: ErrorOptions) {
    super(`the access trail cannot be written: ${reason}`, options);
  }
}

/** What an error of the system comes to in a word: its code, never a path. */
export function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'failed';
}
