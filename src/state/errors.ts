/** Redis cannot be reached or did not answer in time; nothing may be sent to MKS without it. */
export class StateUnavailableError extends Error {
  override readonly name = 'StateUnavailableError';

  constructor(cause?: unknown) {
    super('Redis cannot be reached', { cause });
  }
}
