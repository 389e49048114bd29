/** How many reports of a client may wait for their turn, where its entry does not say and where no key is asked. */
export const QUEUE_LIMIT = 1_000;
