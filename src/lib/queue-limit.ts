/** How many reports a client may have waiting where nobody says otherwise. */
export const DEFAULT_QUEUE_LIMIT = 1_000;
