/** Faults that take the place of an answer: codes, refusals, and pages that are no answer of MKS at all. */
import { describeCode } from '../codes.ts';
import { business, failure, type Answer } from '../http/answer.ts';
import type { Received } from '../http/received.ts';
import { textOf } from '../json.ts';
import type { Message } from '../services/message.ts';
import type { World } from '../world.ts';
import type { Fault, FaultNameOf } from './catalogue.ts';

export type InsteadFault = Fault & { name: FaultNameOf<'instead'> };

/** Whether the armed code comes from MKS itself, with a messageId, so that the reference is used up. */
export function reachesMks(fault: InsteadFault): boolean {
  return fault.name === 'code' && (fault.messageId ?? isFromMks(fault.code));
}

/** The armed code as MKS would answer it. RP025 also ends the report that was asked about. */
export function codeAnswer(world: World, message: Message, fault: InsteadFault): Answer {
  const { code = 'OI031' } = fault;
  const answer = business(message, statusOf(fault), code, {});
  const refId = textOf(message.payload, 'refId');
  const report = refId === undefined ? undefined : world.reports.find(message.member, refId);
  if (code === 'RP025' && report !== undefined) world.reports.fail(report);
  const isSigned = answer.body.kind === 'signed' && fault.signed !== false;
  if (isSigned || answer.body.kind !== 'signed') return answer;
  return { ...answer, body: { kind: 'plain', payload: answer.body.payload } };
}

/** What is answered without MKS having been reached, as far as anyone can tell. */
export function insteadAnswer(fault: InsteadFault, received: Received): Answer {
  switch (fault.name) {
    case 'unauthorized':
      return failure(fault.status ?? 401, 'OI006', describeCode('OI006'), received);
    case 'code':
      return unreachedCode(fault, received);
    case 'unsigned-failure': {
      const code = fault.code ?? 'RP003';
      return failure(statusOf({ ...fault, code }), code, describeCode(code), received);
    }
    case 'html-500':
      return page(
        500,
        'text/html',
        '<!doctype html><title>500</title><h1>Internal Server Error</h1>',
      );
    case 'xml-fault':
      return page(500, 'text/xml', SOAP_FAULT);
    case 'too-many-requests':
      return page(429, 'text/plain', 'Too many requests');
  }
}

const SOAP_FAULT =
  '<?xml version="1.0" encoding="UTF-8"?><env:Envelope xmlns:env="http://schemas.xmlsoap.org/soap/envelope/">' +
  '<env:Body><env:Fault><faultcode>env:Client</faultcode><faultstring>Internal Error (from client)</faultstring>' +
  '</env:Fault></env:Body></env:Envelope>';

function unreachedCode(fault: InsteadFault, received: Received): Answer {
  const { code = 'OI031' } = fault;
  const answer = failure(statusOf(fault), code, describeCode(code), received);
  if (fault.signed !== true || answer.body.kind !== 'plain') return answer;
  return { ...answer, body: { kind: 'signed', payload: answer.body.payload } };
}

function statusOf({ code, httpStatus }: Fault): number {
  return httpStatus ?? (isFromMks(code) ? 422 : 500);
}

/** RP, BS and MF codes are MKS's own; OI, SP, XS and SYS come from what stands in front of it or below. */
function isFromMks(code: string | undefined): boolean {
  return /^(RP|BS|MF|0000)/.test(code ?? '');
}

function page(httpStatus: number, contentType: string, text: string): Answer {
  return { httpStatus, code: `HTTP ${httpStatus}`, body: { kind: 'text', contentType, text } };
}
