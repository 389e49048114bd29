/** `GET /balances/{id}/file`: the decrypted file as MKS made it, byte for byte. */
import { Type } from 'typebox';
import { ProblemError } from '../../problems.ts';
import type { Report } from '../../reports/types.ts';
import { csv } from '../../rows/formats/csv.ts';
import { answer } from '../../schemas/common.ts';
import { problemAnswers } from '../../schemas/problems.ts';
import { ROW_EXAMPLE } from '../../schemas/report-examples.ts';
import { ON_ROWS, ReportParams, tags } from '../../schemas/report-parts.ts';
import { findReport } from '../request/access.ts';
import { contentDisposition } from '../request/content-disposition.ts';
import { problemContext } from '../request/problem-context.ts';
import { reportMustBeReady } from '../request/report-state.ts';
import { readerOf, requireChunks, sendStream } from '../request/send.ts';
import { aboutReport, seen } from '../request/seen.ts';
import type { App, EdgeDeps } from '../types.ts';

const TYPES = { json: 'application/json', csv: 'text/csv' } as const;

const endpoint = {
  schema: {
    operationId: 'readFile',
    tags,
    summary: 'Fetch the file of MKS',
    description: 'The decrypted file, byte for byte. MKS dosyasının şifresi çözülmüş aslı.',
    params: ReportParams,
    querystring: Type.Object(
      {
        name: Type.Optional(
          Type.String({ minLength: 1, maxLength: 300, description: 'Which, if there are several' }),
        ),
      },
      { additionalProperties: false },
    ),
    response: {
      200: answer(
        'The file. Dosya.',
        {
          'application/json': { schema: Type.Unknown(), example: [ROW_EXAMPLE] },
          'text/csv': { schema: Type.String(), example: csv.example },
        },
        { 'Content-Disposition': { type: 'string', description: 'Bears the name of the file' } },
      ),
      ...problemAnswers(ON_ROWS.filter((slug) => slug !== 'not-acceptable')),
    },
  },
};

export function readFile(app: App, deps: EdgeDeps): void {
  app.get('/balances/:id/file', endpoint, async (request, reply) => {
    requireChunks(request);
    const report = await findReport(deps, request, request.params.id);
    reportMustBeReady(report, problemContext(deps));
    const reading = { report, ...readerOf(request, reply) };
    const file = await deps.readers.file(reading, chooseFile(report, request.query.name));
    // Whoever leaves, or asks by HEAD, reads nothing, and the file has to be let go all the same.
    reply.raw.once('close', () => void file.close());
    if (reply.raw.destroyed) await file.close();
    if (request.method !== 'HEAD') {
      const read = { ...aboutReport(report), rows: report.rowCount ?? 0, file: file.name };
      await seen(deps, request, { action: 'file.read', ...read, end: 'given' });
    }
    reply
      .header('content-type', TYPES[file.type])
      .header('content-disposition', contentDisposition('attachment', file.name))
      .header('cache-control', 'private, no-cache');
    return sendStream(request, reply, () => file.stream());
  });
}

/** @throws ProblemError `not-found`, or `invalid-request` when there are several and none is named. */
function chooseFile(report: Report, name: string | undefined): string {
  if (name === undefined && report.files.length > 1) {
    const names = report.files.join(', ');
    const message = { en: `is required, one of ${names}`, tr: `gerekli, şunlardan biri: ${names}` };
    throw new ProblemError('invalid-request', {
      extensions: { errors: [{ path: 'name', message }] },
    });
  }
  const chosen = name ?? report.files[0];
  if (chosen === undefined || !report.files.includes(chosen)) throw new ProblemError('not-found');
  return chosen;
}
