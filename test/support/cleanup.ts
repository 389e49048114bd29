/** What fixtures take of a test: nothing but the promise to end what they start. */
import type { TestContext } from 'node:test';

export type Cleanup = Pick<TestContext, 'after'>;
