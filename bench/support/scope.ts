/** What a measurement opened is closed with it, the youngest first: also when it fails or is told to stop. */

export interface Scope {
  /** Calls this at the end. Of the same form as a test's, so that the tests' helpers serve here too. */
  after(close: () => unknown): void;
  close(): Promise<void>;
}

/** A scope that closes each thing once, and the rest even when one of them fails. */
export function createScope(): Scope {
  const closers: (() => unknown)[] = [];
  return {
    after: (close) => void closers.push(close),
    async close() {
      for (let close = closers.pop(); close !== undefined; close = closers.pop()) {
        try {
          await close();
        } catch (error) {
          console.error(error);
        }
      }
    },
  };
}
