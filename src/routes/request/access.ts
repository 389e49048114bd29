/** Which member a request is about, and whether the caller may see it. */
import type { FastifyRequest } from 'fastify';
import type { Report } from '../../reports/types.ts';
import { ProblemError, type Mistake } from '../../problems.ts';
import type { Caller, EdgeDeps } from '../types.ts';

const REPORT_ID = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * The caller of a request that needs a key.
 *
 * @throws ProblemError `unauthorized` on a route that was made public by mistake.
 */
export function callerOf(request: Pick<FastifyRequest, 'caller'>): Caller {
  if (request.caller === null) throw new ProblemError('unauthorized');
  return request.caller;
}

/** The mistake of leaving the member out when the caller has several; else none. */
export function memberMistakes(caller: Caller, member: unknown, path: string): Mistake[] {
  if (member !== undefined || caller.members.length <= 1) return [];
  const list = caller.members.join(', ');
  return [
    {
      path,
      message: {
        en: `is required, because there are several members: ${list}`,
        tr: `gerekli, çünkü birden çok üye var: ${list}`,
      },
    },
  ];
}

/**
 * The member that the request is about: the named one, or the caller's only one.
 *
 * @param path where the member is named, for the mistake.
 * @throws ProblemError `invalid-request` when it is needed and absent, `member-forbidden`.
 */
export function resolveMember(caller: Caller, member: string | undefined, path: string): string {
  const errors = memberMistakes(caller, member, path);
  if (errors.length > 0) throw new ProblemError('invalid-request', { extensions: { errors } });
  const resolved = member ?? caller.members[0];
  if (resolved === undefined || !caller.members.includes(resolved)) {
    throw new ProblemError('member-forbidden');
  }
  return resolved;
}

/**
 * The members that a list is about: the named one, or all of the caller's.
 *
 * @throws ProblemError `member-forbidden`.
 */
export function membersAsked(caller: Caller, member: string | undefined): readonly string[] {
  return member === undefined ? caller.members : [resolveMember(caller, member, 'member')];
}

/**
 * The report, if it exists and its member is the caller's; another's looks like one that is not there,
 * but not to the trail.
 *
 * @throws ProblemError `not-found`, StateUnavailableError.
 */
export async function findReport(
  deps: Pick<EdgeDeps, 'desk'>,
  request: Pick<FastifyRequest, 'caller' | 'foreign'>,
  id: string,
): Promise<Report> {
  const { members } = callerOf(request);
  const report = REPORT_ID.test(id) ? await deps.desk.get(id) : undefined;
  if (report === undefined) throw new ProblemError('not-found');
  if (!members.includes(report.member)) {
    request.foreign = { member: report.member, report: report.id };
    throw new ProblemError('not-found');
  }
  return report;
}
