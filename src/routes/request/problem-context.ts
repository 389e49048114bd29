/** What the problem documents need to know of the layers below. */
import { adviceFor } from '../../problems/advice.ts';
import type { ProblemContext } from '../../problems/from-error.ts';
import type { EdgeDeps } from '../types.ts';

/** The context as of now. */
export function problemContext(deps: Pick<EdgeDeps, 'resultCodes' | 'clock'>): ProblemContext {
  return {
    advise: (code) => {
      const entry = deps.resultCodes.find((known) => known.code === code);
      return entry === undefined ? undefined : adviceFor(entry);
    },
    now: deps.clock.now(),
  };
}
