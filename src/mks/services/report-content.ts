/** Fetches one file of a report that is ready: a zip, not signed (MKS 6.2). */
import { Type } from 'typebox';
import { readReportAnswer, RefId, type File, type ReportAnswer, type Service } from './service.ts';

export type ReportContentAnswer = File | ReportAnswer;

export const reportContent: Service<ReportContentAnswer> = {
  name: 'reports/async-report-content',
  hoursGroup: 1,
  request: Type.Object(
    {
      refId: RefId,
      fileName: Type.String({
        minLength: 10,
        maxLength: 4096,
        description: 'One of the fileNames that async-report-status answered with',
        examples: ['MKK_RP166_20250728132033.zip'],
      }),
    },
    { additionalProperties: false },
  ),
  givesFile: true,
  authorities: [{ function: 'ASYNC_REPORT_CONTENT_QUERY', messageType: 'OE' }],
  summary: { en: 'Fetch a file of a report', tr: 'Rapor dosyasını al' },
  read(answer) {
    if (answer.kind === 'archive') return { kind: 'file', archive: answer };
    const said = readReportAnswer(answer);
    if (said.kind !== 'done') return said;
    return { kind: 'incomplete', message: answer, what: 'a file' };
  },
};
