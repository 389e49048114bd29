/** Waiting for a report without waiting for callers who have gone, or while the process closes. */
import type { FastifyReply } from 'fastify';
import type { Report } from '../../reports/types.ts';
import { createPlaces, type Places } from '../../lib/places.ts';
import { callerOf } from './access.ts';
import type { EdgeDeps } from '../types.ts';

/** Of one client and process: all connections together are 4,096, and others want theirs. */
const WAITS_OF_CLIENT = 1_000;

/** Who waits for an end, by client; one for all routes that wait. */
export function createWaits(): Places {
  return createPlaces(WAITS_OF_CLIENT);
}

/** Made once: an abort makes an error with a stack of its own else, for each caller. */
const GONE = new Error('the caller has been answered or has gone');

/** Aborted when the caller has been answered or has gone. */
export function callerGone(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  if (reply.raw.destroyed) controller.abort(GONE);
  reply.raw.once('close', () => controller.abort(GONE));
  return controller.signal;
}

/** Aborted when there is no point in going on: the caller has gone, or the process closes. */
export function endOfInterest(reply: FastifyReply, shutdown: AbortSignal): AbortSignal {
  const controller = new AbortController();
  const stop = () => controller.abort(GONE);
  shutdown.addEventListener('abort', stop, { once: true });
  reply.raw.once('close', () => {
    shutdown.removeEventListener('abort', stop);
    stop();
  });
  if (shutdown.aborted || reply.raw.destroyed) stop();
  return controller.signal;
}

/**
 * Waits for the report's end; a client that has too many waiting is told at once how it stands.
 *
 * @param waitMs 0 does not wait.
 * @returns the report as it is when it has ended, the time is over, the caller has gone or the
 *   process closes; undefined if it is no longer there.
 * @throws StateUnavailableError.
 */
export async function waitForEnd(
  deps: Pick<EdgeDeps, 'desk' | 'shutdown'> & { waits: Places },
  reply: FastifyReply,
  report: Report,
  waitMs: number,
): Promise<Report | undefined> {
  if (waitMs === 0 || !isLive(report)) return report;
  const signal = endOfInterest(reply, deps.shutdown);
  if (signal.aborted) return report;
  const leave = deps.waits.take(callerOf(reply.request).name);
  if (leave === undefined) return report;
  try {
    return await deps.desk.waitForEnd(report.id, waitMs, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    return await deps.desk.get(report.id);
  } finally {
    leave();
  }
}

/** Whether the report can still change. */
export function isLive(report: Report): boolean {
  return report.state === 'queued' || report.state === 'preparing';
}
