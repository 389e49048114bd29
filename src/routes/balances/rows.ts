/** `GET /balances/{id}/rows`: a ready report's rows, in the format that was asked for. */
import { Type } from 'typebox';
import { formats } from '../../rows/formats/index.ts';
import { answer } from '../../schemas/common.ts';
import { problemAnswers } from '../../schemas/problems.ts';
import {
  ON_ROWS,
  ReportParams,
  rowBodyHeaders,
  rowContent,
  rowHeaders,
  tags,
} from '../../schemas/report-parts.ts';
import { findReport } from '../request/access.ts';
import { problemContext } from '../request/problem-context.ts';
import { reportMustBeReady } from '../request/report-state.ts';
import { negotiateRows, sendRows } from '../request/send-rows.ts';
import type { App, EdgeDeps } from '../types.ts';

const endpoint = {
  schema: {
    operationId: 'readRows',
    tags,
    summary: "Read a report's rows",
    description:
      'In the format that `Accept` or `format` asks for. An answer that ends early breaks the connection; it never ' +
      'looks whole. A text comes as zstd, gzip or br if `Accept-Encoding` names one. With `format=csv-excel` a ' +
      'cell that a spreadsheet would change or run is written as `="text"`, which shows the ' +
      'very text.\n\nRaporun satırlarını verir.',
    params: ReportParams,
    querystring: Type.Object(
      {
        format: Type.Optional(
          Type.Enum(
            formats.map(({ name }) => name),
            {
              description: `Wins over Accept. ${formats.map(({ name, summary }) => `${name}: ${summary.en}`).join('; ')}`,
            },
          ),
        ),
        dialect: Type.Optional(
          Type.Enum(['excel-tr'], {
            description: 'The same as format=csv-excel where CSV is accepted',
          }),
        ),
      },
      { additionalProperties: false },
    ),
    headers: Type.Object({
      'If-None-Match': Type.Optional(Type.String({ description: 'An ETag that you have' })),
    }),
    response: {
      200: answer('The rows. Satırlar.', rowContent, rowBodyHeaders),
      304: { description: 'You have them already. Değişmedi.', type: 'null', headers: rowHeaders },
      ...problemAnswers(ON_ROWS),
    },
  },
};

export function readRows(app: App, deps: EdgeDeps): void {
  app.get('/balances/:id/rows', endpoint, async (request, reply) => {
    const report = await findReport(deps, request, request.params.id);
    const format = negotiateRows(request, request.query);
    reportMustBeReady(report, problemContext(deps));
    return sendRows(deps, request, reply, report, format);
  });
}
