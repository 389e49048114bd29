/** Which answers a fault of a late stage can spoil. */
import type { Answer } from '../http/answer.ts';
import type { ServiceName } from '../services/service.ts';
import { stageOf, type FaultName } from './catalogue.ts';

/** Whether a fault of a late stage has anything to spoil in this answer. */
export function canSpoil(name: FaultName, service: ServiceName, answer: Answer): boolean {
  const { body, code } = answer;
  switch (stageOf(name)) {
    case 'archive':
      return body.kind === 'file';
    case 'signature':
      return body.kind === 'signed';
    case 'wire':
      return true;
    case 'payload':
      return canSpoilPayload(name, service, answer, code === '0000');
    default:
      return false;
  }
}

function canSpoilPayload(
  name: FaultName,
  service: ServiceName,
  { body, messageId }: Answer,
  isSuccess: boolean,
): boolean {
  if (name === 'lifetime-number') return service === 'auth' && isSuccess;
  if (body.kind !== 'signed') return false;
  if (name === 'message-id-number') return messageId !== undefined;
  if (name === 'missing-sender-reference') return true;
  if (name === 'no-ref-id') return service === 'balance-report' && isSuccess;
  if (name === 'no-file-names') return service === 'async-report-status' && isSuccess;
  return isSuccess;
}
