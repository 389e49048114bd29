/** Faults in the JSON of an answer; what is left is signed as ever. */
import type { Answer } from '../http/answer.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { Fault, FaultNameOf } from './catalogue.ts';

/** The answer with a field gone or of another type, or without its signature. */
export function spoilPayload(
  answer: Answer,
  fault: Fault & { name: FaultNameOf<'payload'> },
): Answer {
  const { body } = answer;
  if (body.kind !== 'signed' && body.kind !== 'plain') return answer;
  const { payload } = body;
  const withPayload = (changed: JsonObject): Answer => ({
    ...answer,
    body: { ...body, payload: changed },
  });
  switch (fault.name) {
    case 'unsigned-success':
      return { ...answer, body: { kind: 'plain', payload } };
    case 'missing-sender-reference':
      return withPayload({
        ...payload,
        responseHeader: without(headerOf(payload), 'senderReference'),
      });
    case 'no-ref-id':
      return withPayload(without(payload, 'refId'));
    case 'no-file-names':
      return withPayload(without(payload, 'fileNames'));
    case 'message-id-number': {
      const header = headerOf(payload);
      const messageId = Number(header['messageId']);
      return withPayload({ ...payload, responseHeader: { ...header, messageId } });
    }
    case 'lifetime-number':
      return withPayload({ ...payload, LifeTime: Number(payload['LifeTime']) });
  }
}

function headerOf(payload: JsonObject): JsonObject {
  const header = payload['responseHeader'];
  return isObject(header) ? header : {};
}

function without(object: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([field]) => field !== name));
}
