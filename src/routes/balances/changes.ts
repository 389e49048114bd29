/** `GET /balances/changes`: what changed between two ready reports, position by position. */
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Filters, Report } from '../../reports/types.ts';
import { answer, MemberCode, ProcessDate, refTo } from '../../schemas/common.ts';
import {
  Change,
  CHANGE_EXAMPLE,
  Changes,
  CHANGES_CSV_EXAMPLE,
  CHANGES_EXAMPLE,
} from '../../schemas/changes.ts';
import { problemAnswers } from '../../schemas/problems.ts';
import { ON_ROWS, tags } from '../../schemas/report-parts.ts';
import { filters } from '../../schemas/reports.ts';
import { callerOf, resolveMember } from '../request/access.ts';
import {
  describeDifferences,
  DIFFERENCE_HEADERS,
  differenceFormat,
  FORMAT_NAMES,
  type FormatName,
  notReady,
  refuseDates,
  WORKBOOK_CONTENT,
} from '../request/differences.ts';
import { seen } from '../request/seen.ts';
import { readerOf, requireChunks, sendStream } from '../request/send.ts';
import type { App, EdgeDeps } from '../types.ts';

const endpoint = {
  schema: {
    operationId: 'readChanges',
    tags,
    summary: 'What changed between two days',
    description:
      'Compares two ready reports of the same filters by position: `mbrAccNo`, `subAccCode`, `secClassCode`, ' +
      '`mic`, `isin`, `addDefCode`; several rows of one position are added up, exactly. It asks MKS for nothing: ' +
      '409 names the day whose report is not ready, and `POST /balances` fetches it.\n\n' +
      'İki günün hazır raporlarını pozisyon bazında karşılaştırır. MKS’ye istek göndermez.',
    querystring: Type.Object(
      {
        from: ProcessDate,
        to: ProcessDate,
        member: Type.Optional(MemberCode),
        format: Type.Optional(Type.Enum([...FORMAT_NAMES], { description: 'Wins over Accept' })),
        ...filters,
      },
      { additionalProperties: false },
    ),
    response: {
      200: answer(
        'The changes. Değişenler.',
        {
          'application/json': { schema: refTo(Changes), example: CHANGES_EXAMPLE },
          'application/x-ndjson': { schema: refTo(Change), example: CHANGE_EXAMPLE },
          'text/csv': { schema: Type.String(), example: CHANGES_CSV_EXAMPLE },
          ...WORKBOOK_CONTENT,
        },
        DIFFERENCE_HEADERS,
      ),
      ...problemAnswers([...ON_ROWS.filter((slug) => slug !== 'not-found'), 'member-forbidden']),
    },
  },
};

export function readChanges(app: App, deps: EdgeDeps): void {
  app.addSchema(Change);
  app.addSchema(Changes);
  app.get('/balances/changes', endpoint, async (request, reply) => {
    requireChunks(request);
    const { from, to, member: named, format: formatAsked, ...wanted } = request.query;
    refuseDates({ from, to }, deps.clock.now());
    const member = resolveMember(callerOf(request), named, 'member');
    const format = formatAsked ?? differenceFormat(request);
    const reports = await readyReports(deps, [from, to], { member, filters: wanted });
    if (request.method !== 'HEAD') await tell(deps, request, reports, format);
    const about = { member, days: [from, to], what: 'changes' } as const;
    describeDifferences(reply, format, about).header('cache-control', 'private, no-cache');
    const asked = { ...reports, format, ...readerOf(request, reply) };
    return sendStream(request, reply, () => deps.changes.read(asked));
  });
}

/** Both days are in it: the changes hold balances of either. */
async function tell(
  deps: EdgeDeps,
  request: FastifyRequest,
  { from, to }: { from: Report; to: Report },
  format: FormatName,
): Promise<void> {
  const { member, filters: wanted } = to;
  const days = { from: from.processDate, to: to.processDate };
  const act = { action: 'changes.read', member, filters: { ...wanted }, asked: days } as const;
  await seen(deps, request, { ...act, report: to.id, format, end: 'given' });
}

/** @throws ProblemError `conflict` that names every day whose report is not ready. */
async function readyReports(
  deps: EdgeDeps,
  dates: readonly [from: string, to: string],
  wanted: { member: string; filters: Filters },
): Promise<{ from: Report; to: Report }> {
  const [from, to] = await Promise.all(
    dates.map((processDate) => deps.desk.findReady({ ...wanted, processDate })),
  );
  if (from !== undefined && to !== undefined) return { from, to };
  const missing = dates.filter((_, index) => [from, to][index] === undefined);
  throw notReady(missing);
}
