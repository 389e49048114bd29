/** What the problem documents need to know of the layers below. */
import { adviceFor } from '../../problems/advice.ts';
import type { ProblemContext } from '../../problems/from-error.ts';
import { findResultCode, type Authority } from '../../mks/codes.ts';
import { auth, findService } from '../../mks/services/catalogue.ts';
import type { EdgeDeps } from '../types.ts';

/** The context as of now. */
export function problemContext(deps: Pick<EdgeDeps, 'clock'>): ProblemContext {
  return {
    advise: (code, service) => {
      const entry = findResultCode(code);
      return entry === undefined ? undefined : adviceFor(entry, authoritiesOf(service));
    },
    now: deps.clock.now(),
  };
}

function authoritiesOf(service: string | undefined): readonly Authority[] | undefined {
  if (service === undefined) return undefined;
  return service === auth.name ? auth.authorities : findService(service)?.authorities;
}
