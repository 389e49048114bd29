/** Writes down what a caller does, before anything of it leaves (rule 10). */
import type { FastifyRequest } from 'fastify';
import type { Report } from '../../reports/types.ts';
import type { Act } from '../../trail/index.ts';
import type { EdgeDeps } from '../types.ts';

/** What the caller does; who he is the request tells. */
export type SeenAct = Omit<Act, 'client' | 'address' | 'requestId'>;

/**
 * Resolves when all of it is on disk; acts given together share one write.
 * @throws TrailUnavailableError: nothing may leave.
 */
export async function seen(
  { trail }: Pick<EdgeDeps, 'trail'>,
  request: FastifyRequest,
  ...acts: readonly SeenAct[]
): Promise<void> {
  const who = whoOf(request);
  await trail.record(...acts.map((act) => ({ ...who, ...act })));
}

/** Client, address and id of a request. */
function whoOf(request: FastifyRequest): Pick<Act, 'client' | 'address' | 'requestId'> {
  const { caller, ip: address, id: requestId } = request;
  return caller === null ? { address, requestId } : { client: caller.name, address, requestId };
}

/** What an act tells of the report that it is about. */
export function aboutReport({ id, member, processDate, filters }: Report) {
  return { report: id, member, processDate, filters: { ...filters } };
}
