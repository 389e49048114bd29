/**
 * What can go wrong between us and MKS, as typed errors with a stable code and an outcome.
 *
 * The codes are the slugs of the problem catalogue, but nothing here knows of HTTP statuses.
 */
import type { SigningFault } from '../lib/credentials.ts';
import { passesByItself, shutOffText } from '../lib/signing-faults.ts';

/** What became of the message: it never left, MKS refused it, or nobody can say. */
export type Outcome = 'not-sent' | 'refused' | 'unknown';

export type MksErrorCode =
  | 'outside-service-hours'
  | 'state-unavailable'
  | 'conflict'
  | 'mks-unreachable'
  | 'mks-unknown-outcome'
  | 'mks-untrusted-response'
  | 'mks-error'
  | 'mks-login-refused';

export interface MksErrorDetails {
  outcome: Outcome;
  /** The service that was called, and the reference that the message bore, if it got one. Both are
   * stamped on the error once, where the call ends. */
  service?: string;
  senderReference?: string;
  /** The messageId of the answer, if it had one. */
  messageId?: string;
  /** A code found in the answer. `verified` says whether MKK's signature vouches for it. */
  mksCode?: string;
  mksDescription?: string;
  verified?: boolean;
  /** The HTTP status of MKS's answer, if one came. */
  httpStatus?: number;
  /** Wall ms at which the service opens, for `outside-service-hours`. */
  opensAt?: number;
  /** Milliseconds after which another try makes sense. */
  retryAfterMs?: number;
  /** The wall ms at which the message's total deadline passes: it may be sent again after it. */
  deadline?: number;
  /** The token that the call used was refused (401, 403, OI006, 0x00d3…). */
  tokenRefused?: boolean;
  /** The member is shut off: its key or its certificate cannot sign. */
  cannotSign?: SigningFault;
  /** A file was larger than we take. */
  tooLarge?: boolean;
}

export class MksError extends Error {
  override readonly name = 'MksError';
  readonly code: MksErrorCode;
  readonly details: MksErrorDetails;

  /** @param message for the log and the problem's `detail`: never a secret, never an answer's text. */
  constructor(code: MksErrorCode, message: string, details: MksErrorDetails, cause?: unknown) {
    super(message, { cause });
    this.code = code;
    this.details = details;
  }

  get outcome(): Outcome {
    return this.details.outcome;
  }
}

/** By then an HSM that was away for a moment may be back: it is looked for once a second at first. */
const HSM_RETRY_MS = 5_000;

/** The member cannot sign, so nothing of it can be sent. */
export function shutOff(memberCode: string, cannotSign: SigningFault, cause?: unknown): MksError {
  const { en } = shutOffText(memberCode, cannotSign);
  const again = passesByItself(cannotSign) ? { retryAfterMs: HSM_RETRY_MS } : {};
  return new MksError('conflict', en, { outcome: 'not-sent', cannotSign, ...again }, cause);
}

/** The caller gave up before the message left. */
export function givenUp(): MksError {
  return new MksError('mks-unreachable', 'the caller gave up before anything was sent', {
    outcome: 'not-sent',
  });
}
