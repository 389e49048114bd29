/** Asks how far a report is, and for the names of its files (MKS 6.1). */
import { Type } from 'typebox';
import {
  messageOf,
  readReportAnswer,
  RefId,
  type ReportAnswer,
  type Said,
  type Service,
} from './service.ts';

/** `ready`: made, and these are the names of its files, each once. */
export type ReportStatusAnswer = (Said<'ready'> & { fileNames: string[] }) | ReportAnswer;

/** MKS names no bound; a list of more is refused whole, never cut. */
const MAX_FILES = 10_000;
const NAME_MAX_LENGTH = 4_096;

export const reportStatus: Service<ReportStatusAnswer> = {
  name: 'reports/async-report-status',
  hoursGroup: 4,
  request: Type.Object({ refId: RefId }, { additionalProperties: false }),
  givesFile: false,
  ownField: 'fileNames',
  authorities: [{ function: 'ASYNC_REPORT_STATUS_QUERY', messageType: 'OE' }],
  summary: { en: 'Ask for the state of a report', tr: 'Raporun durumunu sor' },
  read(answer) {
    const message = messageOf(answer);
    const said = readReportAnswer(message);
    if (said.kind !== 'done') return said;
    const given = message.payload['fileNames'];
    // One name may stand there without its list.
    const names = typeof given === 'string' ? [given] : (given ?? []);
    if (!Array.isArray(names) || !names.every(isFileName)) {
      return { kind: 'incomplete', message, what: 'readable fileNames' };
    }
    if (names.length === 0) return { kind: 'incomplete', message, what: 'fileNames' };
    if (names.length > MAX_FILES) {
      return { kind: 'incomplete', message, what: `at most ${MAX_FILES} fileNames` };
    }
    return { kind: 'ready', message, fileNames: [...new Set(names)] };
  },
};

function isFileName(name: unknown): name is string {
  return typeof name === 'string' && name.trim() !== '' && name.length <= NAME_MAX_LENGTH;
}
