/**
 * What a proof is: one promise of docs/proof.md, tried at full size by `npm run proof -- NUMBER`. Each stands in a file
 * `NN-name.ts` of this folder that exports `proof`; its small form is an ordinary test, which `npm test` runs.
 */
import type { Cleanup } from '../support/cleanup.ts';

export interface Proof {
  /** As in docs/proof.md. */
  readonly number: number;
  /** One sentence, as docs/proof.md tells it. */
  readonly promise: string;
  /** Test files that hold the same in small, from the root: `test/…`. */
  readonly small: readonly string[];
  /**
   * Tries the promise at full size with real processes; `seed` brings the same choices back. Ends whatever it started.
   * Throws when it could not be tried; a promise that is broken is an outcome.
   */
  prove(seed: number): Promise<Outcome>;
}

export interface Outcome {
  /** What was done, with sizes: "1,000,000 allocations by 4 processes, 20 SIGKILLs of Redis". */
  readonly done: string;
  /** What came out: "0 duplicates". */
  readonly figure: string;
  readonly met: boolean;
}

/** Takes the place of a test's context in the fixtures of test/support; `end` ends everything, the last first. */
export function cleanup(): Cleanup & { end(): Promise<void> } {
  const ends: (() => unknown)[] = [];
  return {
    after: (end) => void ends.unshift(end as () => unknown),
    async end() {
      for (const end of ends.splice(0)) await end();
    },
  };
}
