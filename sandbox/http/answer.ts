/** Answers before they are signed and sent: what was decided, not yet how it goes over the wire. */
import { describeCode } from '../codes.ts';
import type { JsonObject } from '../json.ts';
import type { Report, ReportFile } from '../reports/report.ts';
import type { Message } from '../services/message.ts';
import type { ServiceName } from '../services/service.ts';

export interface Answer {
  httpStatus: number;
  /** For the log: the code in the answer, or what stands for it. */
  code: string;
  messageId?: string;
  body: AnswerBody;
}

export type AnswerBody =
  | { kind: 'signed'; payload: JsonObject }
  | { kind: 'plain'; payload: JsonObject }
  | { kind: 'text'; contentType: string; text: string }
  | { kind: 'file'; path: string; report: Report; file: ReportFile };

/** Thrown by the gate in front of MKS: an unsigned failure without a messageId. */
export class Refusal extends Error {
  readonly httpStatus: number;
  readonly code: string;

  constructor(httpStatus: number, code: string, detail?: string) {
    super(describeCode(code, detail));
    this.httpStatus = httpStatus;
    this.code = code;
  }
}

/** A success of MKS: 200, code 0000 and the service's own fields. */
export function success(message: Message, fields: JsonObject): Answer {
  return business(message, 200, '0000', fields);
}

/** A business code of MKS: 422 (MKS 5.1.7, 6.1.7, 6.2.7). */
export function rejection(message: Message, code: string): Answer {
  return business(message, 422, code, {});
}

/** A code from MKS with its messageId: signed, but for the login, which signs nothing. */
export function business(
  message: Message,
  httpStatus: number,
  code: string,
  fields: JsonObject,
): Answer {
  const { service, messageId } = message;
  const header = { ...responseHeader(message), messageId };
  const payload = { responseHeader: header, ...outcome(service, code), ...fields };
  const kind = service === 'auth' ? 'plain' : 'signed';
  return { httpStatus, code, messageId, body: { kind, payload } };
}

/**
 * What yf answers to a used reference, field by field as in the sample: no messageId, MKK as the
 * receiver, and empty details (MKS 9.2).
 */
export function fundReferenceUsed({ reference }: Pick<Message, 'reference'>): Answer {
  const code = 'MF04';
  const payload = {
    mfundTradeDetails: {},
    response: { responseCode: code, responseDesc: describeCode(code) },
    responseHeader: { receiverMember: 'MKK', senderReference: reference },
  };
  return { httpStatus: 422, code, body: { kind: 'signed', payload } };
}

/** A failure in front of MKS: no messageId; the header as far as the request could be read. */
export function failure(
  httpStatus: number,
  code: string,
  description: string,
  request: { member?: string | undefined; reference?: string | undefined },
): Answer {
  const { member, reference } = request;
  const known = member !== undefined && reference !== undefined;
  const header = known ? { responseHeader: responseHeader({ member, reference }) } : {};
  const response = { responseCode: code, responseDesc: description };
  return { httpStatus, code, body: { kind: 'plain', payload: { ...header, response } } };
}

/** The refused login of the upstream's sample (MKS 3.2.6). */
export function loginFailure(transactionId: string): Answer {
  const code = '0x00d30003';
  const payload = {
    error_message: describeCode(code),
    transaction_id: transactionId,
    error_code: code,
    error_subcode: code,
  };
  return { httpStatus: 401, code, body: { kind: 'plain', payload } };
}

function responseHeader(request: { member: string; reference: string }): JsonObject {
  return { senderReference: request.reference, receiverMember: request.member };
}

/** The content service has its code at the top, the others inside an object (MKS 6.2.5). */
function outcome(service: ServiceName, code: string): JsonObject {
  const response = { responseCode: code, responseDesc: describeCode(code) };
  return service === 'async-report-content' ? response : { response };
}
