/**
 * What an answer that came whole means: MKS's word, a failure, or nothing that can be believed.
 *
 * An unsigned answer is at most a failure. Nothing of it is passed on but its code, though a
 * messageId in it counts: whoever gave one may have taken the message in (MKS 3.2.2).
 */
import type { KeyObject } from 'node:crypto';
import { defined } from '../lib/defined.ts';
import {
  findResultCode,
  isRefusedTokenCode,
  isSuccessCode,
  isSystemCode,
  isTokenRefusalCode,
} from './codes.ts';
import {
  hasOwnField,
  overlongField,
  particularsOf,
  shapeOf,
  unverifiedPayload,
  type Particulars,
} from './decode.ts';
import { MksError, type MksErrorCode, type MksErrorDetails } from './errors.ts';
import type { JsonObject, MksMessage } from './types.ts';
import { UntrustedError, verifyAnswer, type VerifiedPayload } from './verify.ts';

export interface ReceivedAnswer {
  /** Of the service that was called. */
  service: string;
  senderReference: string;
  httpStatus: number;
  /** Milliseconds of a Retry-After header. */
  retryAfterMs?: number;
  body: Uint8Array;
  /** Wall ms after which the message may be sent again, should its outcome be unknown. */
  deadline: number;
}

export interface Judgement {
  result: MksMessage | MksError;
  /** In whatever the answer was; it uses the reference up. */
  messageId?: string;
  /** The answer as received, if MKK's signature holds. */
  signed?: string;
}

/** Judges an answer. Never throws. */
export async function judgeAnswer(
  answer: ReceivedAnswer,
  keys: readonly KeyObject[],
): Promise<Judgement> {
  const shape = shapeOf(answer.body);
  switch (shape.kind) {
    case 'jws':
      return judgeSigned(answer, shape.text, keys);
    case 'json':
      return judgeUnsigned(answer, shape.value);
    case 'markup':
      return { result: judgeBare(answer, 'MKS answered with a page instead of a message') };
    default:
      // A success has to be signed; these bytes are no signed answer, so they are no success.
      return {
        result: isSuccessStatus(answer.httpStatus)
          ? untrusted(answer, 'the answer is neither signed nor a failure report')
          : judgeBare(answer, 'MKS answered without a message'),
      };
  }
}

async function judgeSigned(
  answer: ReceivedAnswer,
  jws: string,
  keys: readonly KeyObject[],
): Promise<Judgement> {
  try {
    const verified = await verifyAnswer(jws, keys, answer.senderReference);
    const particulars = particularsOf(verified.payload);
    const { messageId } = particulars;
    const result = verifiedResult(answer, verified, particulars);
    return { result, signed: jws, ...defined({ messageId }) };
  } catch (error) {
    const { messageId } = particularsOf(unverifiedPayload(jws));
    const reason = error instanceof UntrustedError ? error.message : 'it cannot be verified';
    const result = isRefusalStatus(answer.httpStatus)
      ? judgeBare(answer, reason)
      : untrusted(answer, reason, error);
    return { result, ...defined({ messageId }) };
  }
}

function verifiedResult(
  answer: ReceivedAnswer,
  verified: VerifiedPayload,
  particulars: Particulars,
): MksMessage | MksError {
  const { senderReference, httpStatus } = answer;
  const { messageId, description = '' } = particulars;
  const overlong = overlongField(verified.payload);
  const isSuccess = isVerifiedSuccess(httpStatus, verified, particulars);
  const code = isSuccess ? '0000' : particulars.code;
  const isAnswer =
    code !== undefined &&
    overlong === undefined &&
    (isSuccess || !(isSuccessCode(code) || isSystemCode(code) || isTokenRefusalCode(code)));
  if (isAnswer) {
    return {
      kind: 'message',
      service: answer.service,
      senderReference,
      ...defined({ messageId }),
      code,
      description,
      httpStatus,
      payload: verified.payload,
      payloadText: verified.text,
    };
  }
  const reason =
    overlong === undefined
      ? 'MKS could not process the message'
      : `MKS answered with a ${overlong} far longer than its document allows`;
  // A success in a 5xx, or no code at all in one or in a success, contradicts itself.
  const isRefusal =
    code === undefined ? httpStatus >= 400 && httpStatus < 500 : !isSuccessCode(code);
  return failure(answer, 'mks-error', reason, {
    outcome: isRefusal ? 'refused' : 'unknown',
    verified: true,
    ...defined({ messageId, mksCode: code }),
    ...(description !== '' && { mksDescription: description }),
    ...(code !== undefined && isRefusedTokenCode(code) && { tokenRefused: true }),
  });
}

/** `0000`, or no code at all beside the fields of the service; what is no code is no success. */
function isVerifiedSuccess(
  httpStatus: number,
  { payload }: VerifiedPayload,
  { code, isCodeBroken }: Particulars,
): boolean {
  if (isCodeBroken === true) return false;
  return code === undefined
    ? isSuccessStatus(httpStatus) && hasOwnField(payload)
    : isSuccessCode(code) && httpStatus < 500;
}

function judgeUnsigned(answer: ReceivedAnswer, value: JsonObject): Judgement {
  const { senderReference, messageId, code } = particularsOf(value);
  const seen = defined({ messageId });
  if (isRefusalStatus(answer.httpStatus)) {
    return { result: judgeBare(answer, 'MKS refused the token', code), ...seen };
  }
  if (senderReference !== undefined && senderReference !== answer.senderReference) {
    return { result: untrusted(answer, 'unsigned, and to another senderReference'), ...seen };
  }
  if (code === undefined && !isSuccessStatus(answer.httpStatus)) {
    return { result: judgeBare(answer, 'MKS answered with an unsigned failure'), ...seen };
  }
  // In a success only a code that is known to be a failure can be believed to be one.
  const isKnown = code !== undefined && findResultCode(code) !== undefined;
  if (isSuccessStatus(answer.httpStatus) && !isKnown) {
    return { result: untrusted(answer, 'a success that is not signed'), ...seen };
  }
  if (code === undefined || isSuccessCode(code)) {
    return { result: untrusted(answer, 'a success that is not signed'), ...seen };
  }
  const result = failure(answer, 'mks-error', 'MKS answered with an unsigned failure', {
    outcome: 'refused',
    verified: false,
    mksCode: code,
    ...(isRefusedTokenCode(code) && { tokenRefused: true }),
  });
  return { result, ...seen };
}

/** Without a message only the HTTP status speaks. */
function judgeBare(answer: ReceivedAnswer, message: string, mksCode?: string): MksError {
  const { httpStatus } = answer;
  const isRefusal = isRefusalStatus(httpStatus);
  return failure(answer, isRefusal ? 'mks-login-refused' : 'mks-error', message, {
    outcome: httpStatus >= 400 && httpStatus < 500 ? 'refused' : 'unknown',
    ...(mksCode !== undefined && { mksCode, verified: false }),
    ...(isRefusal && { tokenRefused: true }),
  });
}

function untrusted(answer: ReceivedAnswer, reason: string, cause?: unknown): MksError {
  const message = `the answer cannot be trusted: ${reason}`;
  return failure(answer, 'mks-untrusted-response', message, { outcome: 'unknown' }, cause);
}

function failure(
  answer: ReceivedAnswer,
  code: MksErrorCode,
  message: string,
  details: MksErrorDetails,
  cause?: unknown,
): MksError {
  const { httpStatus, retryAfterMs, deadline } = answer;
  // What refuses the token by its own code refuses the login (MKS 3.2.6).
  const isLogin = details.mksCode !== undefined && isTokenRefusalCode(details.mksCode);
  return new MksError(
    isLogin ? 'mks-login-refused' : code,
    message,
    {
      ...details,
      httpStatus,
      ...(details.outcome === 'unknown' && { deadline }),
      ...defined({ retryAfterMs }),
    },
    cause,
  );
}

function isSuccessStatus(httpStatus: number): boolean {
  return httpStatus >= 200 && httpStatus < 300;
}

function isRefusalStatus(httpStatus: number): boolean {
  return httpStatus === 401 || httpStatus === 403;
}
