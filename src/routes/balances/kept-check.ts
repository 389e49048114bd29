/** `GET /balances/checks/{id}`: one check that was made, with its breaks. */
import { Type } from 'typebox';
import { ProblemError } from '../../problems.ts';
import {
  BREAK_EXAMPLE,
  BREAKS_CSV_EXAMPLE,
  CHECK_EXAMPLE,
  KeptCheck,
  LedgerBreak,
} from '../../schemas/checks.ts';
import { answer, refTo } from '../../schemas/common.ts';
import { problemAnswers } from '../../schemas/problems.ts';
import { ON_REPORT, tags } from '../../schemas/report-parts.ts';
import { callerOf } from '../request/access.ts';
import {
  describeDifferences,
  DIFFERENCE_HEADERS,
  differenceFormat,
  FORMAT_NAMES,
  WORKBOOK_CONTENT,
} from '../request/differences.ts';
import { seen } from '../request/seen.ts';
import { readerOf, requireChunks, sendStream } from '../request/send.ts';
import type { App, EdgeDeps } from '../types.ts';

const endpoint = {
  schema: {
    operationId: 'readCheck',
    tags,
    summary: 'Read a check of a ledger',
    description:
      'As `POST /balances/check` answered it, for as long as it is kept. Yapılmış bir kontrol, farklarıyla.',
    params: Type.Object({
      id: Type.String({ format: 'uuid', description: 'The id of the check. Kontrol kimliği.' }),
    }),
    querystring: Type.Object(
      { format: Type.Optional(Type.Enum([...FORMAT_NAMES], { description: 'Wins over Accept' })) },
      { additionalProperties: false },
    ),
    response: {
      200: answer(
        'The check. Kontrol.',
        {
          'application/json': { schema: refTo(KeptCheck), example: CHECK_EXAMPLE },
          'application/x-ndjson': { schema: refTo(LedgerBreak), example: BREAK_EXAMPLE },
          'text/csv': { schema: Type.String(), example: BREAKS_CSV_EXAMPLE },
          ...WORKBOOK_CONTENT,
        },
        DIFFERENCE_HEADERS,
      ),
      ...problemAnswers([...ON_REPORT, 'not-acceptable', 'trail-unavailable']),
    },
  },
};

export function readCheck(app: App, deps: EdgeDeps): void {
  app.get('/balances/checks/:id', endpoint, async (request, reply) => {
    requireChunks(request);
    const { id } = request.params;
    const format = request.query.format ?? differenceFormat(request);
    const found = await deps.checks.find(id);
    if (found === undefined) throw new ProblemError('not-found');
    const { member, processDate, filters, report, ledger } = found.check;
    if (!callerOf(request).members.includes(member)) {
      request.foreign = { member, report };
      throw new ProblemError('not-found');
    }
    if (request.method !== 'HEAD') {
      const about = { member, processDate, filters: { ...filters }, report };
      const asked = { check: id, ledger };
      await seen(deps, request, { action: 'check.run', ...about, asked, format, end: 'given' });
    }
    const about = { member, days: [processDate], what: 'breaks' } as const;
    describeDifferences(reply, format, about).header('cache-control', 'private, no-cache');
    const reader = readerOf(request, reply);
    return sendStream(request, reply, () => deps.checks.readKept(found, { ...reader, format }));
  });
}
