/** Fetches one file of a report that is ready: a zip, not signed (MKS 6.2). */
import { Type } from 'typebox';
import { RefId, type Service } from './service.ts';

export const reportContent: Service = {
  name: 'reports/async-report-content',
  path: '/v1/reports/async-report-content',
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
  waitCodes: ['RP020', 'RP021', 'RP022', 'RP023'],
  emptyCodes: ['RP026'],
  goneCodes: ['RP018', 'BS040'],
  authorities: [{ function: 'ASYNC_REPORT_CONTENT_QUERY', messageType: 'OE' }],
  summary: { en: 'Fetch a file of a report', tr: 'Rapor dosyasını al' },
};
