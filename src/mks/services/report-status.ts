/** Asks how far a report is, and for the names of its files (MKS 6.1). */
import { Type } from 'typebox';
import { RefId, type Service } from './service.ts';

export const reportStatus: Service = {
  name: 'reports/async-report-status',
  path: '/v1/reports/async-report-status',
  hoursGroup: 4,
  request: Type.Object({ refId: RefId }, { additionalProperties: false }),
  givesFile: false,
  waitCodes: ['RP020', 'RP021', 'RP022', 'RP023'],
  emptyCodes: ['RP026'],
  goneCodes: ['RP018'],
  authorities: [{ function: 'ASYNC_REPORT_STATUS_QUERY', messageType: 'OE' }],
  summary: { en: 'Ask for the state of a report', tr: 'Raporun durumunu sor' },
};
