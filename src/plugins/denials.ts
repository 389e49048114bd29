/**
 * Writes down who was refused: without a good key, a member that is not the client's, a report of
 * another's. The refusal waits for its line, but not for a trail that cannot be written: nothing leaves.
 *
 * Strangers cannot fill the disk: beyond a bound their refusals are counted, and told with the next line.
 */
import { normalizeIP } from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { defined } from '../lib/defined.ts';
import { createFailureWindow } from '../lib/failure-window.ts';
import type { EdgeDeps } from '../routes/types.ts';
import type { Act } from '../trail/index.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The report of another's member that was asked for: the answer calls it unknown. */
    foreign: { member: string; report: string } | null;
  }
}

const WINDOW_MS = 60_000;
/** Of all strangers together. */
const MOST_LINES = 1_000;
/** An address that is blocked is told of once a window. */
const ONCE = { limit: 1, windowMs: WINDOW_MS, maxNames: 10_000 };
const MEMBER_CODE = /^[A-Z0-9]{3,8}$/;

/** Register after `authentication` and `request-log`. */
export const denials = fp<Pick<EdgeDeps, 'trail' | 'clock'>>(
  (app, { trail, clock }, done) => {
    const elapsed = (): number => clock.elapsedMs();
    const blocked = createFailureWindow(ONCE, elapsed);
    const lines = createFailureWindow(
      { limit: MOST_LINES, windowMs: WINDOW_MS, maxNames: 1 },
      elapsed,
    );
    let untold = 0;

    /** Whether this refusal of a stranger has a line of its own. */
    function mayTell(request: FastifyRequest): boolean {
      const address = normalizeIP(request.ip);
      if (request.told?.problem === 'rate-limited') {
        if (blocked.blockedMs(address) > 0) return false;
        blocked.note(address);
      }
      if (lines.blockedMs('') > 0) return false;
      lines.note('');
      return true;
    }
    async function tell(request: FastifyRequest): Promise<void> {
      const isStranger = request.caller === null;
      if (isStranger && !mayTell(request)) {
        untold += 1;
        return;
      }
      const count = isStranger && untold > 0 ? untold + 1 : undefined;
      if (count !== undefined) untold = 0;
      try {
        await trail.record({ ...denialOf(request), ...defined({ count }) });
      } catch (error) {
        request.log.error({ err: error }, 'a refusal that the access trail does not tell of');
      }
    }
    app.decorateRequest('foreign', null);
    app.addHook('onSend', (request, _reply, payload, goOn) => {
      if (!isDenial(request)) return goOn(null, payload);
      void tell(request).then(() => goOn(null, payload));
    });
    done();
  },
  { name: 'denials', dependencies: ['authentication', 'request-log'] },
);

function isDenial({ told, caller, foreign }: FastifyRequest): boolean {
  if (foreign !== null) return true;
  const problem = told?.problem;
  if (problem === 'unauthorized' || problem === 'member-forbidden') return true;
  return problem === 'rate-limited' && caller === null;
}

function denialOf(request: FastifyRequest): Act {
  const { caller, foreign, told, routeOptions, method } = request;
  const { url } = routeOptions;
  return {
    action: 'denied',
    ...defined({ client: caller?.name, member: foreign?.member ?? memberNamed(request) }),
    address: request.ip,
    requestId: request.id,
    ...defined({ report: foreign?.report, route: url && `${method} ${url}` }),
    end: told?.problem ?? 'not-found',
  };
}

/** The member that was asked for, as far as it could be one: it was checked by nobody yet. */
function memberNamed({ query, body, params }: FastifyRequest): string | undefined {
  const named = [query, body, params].map((part) => (Object(part) as { member?: unknown }).member);
  return named.find((code) => typeof code === 'string' && MEMBER_CODE.test(code)) as
    string | undefined;
}
