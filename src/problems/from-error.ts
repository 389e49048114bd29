/**
 * Turns whatever was thrown into a problem of the catalogue.
 *
 * The inner layers are known here by their types and error names alone, so that the edge needs none
 * of their code. What is not known becomes `internal`, which tells the caller nothing.
 */
import { defined } from '../lib/defined.ts';
import type { Localised } from '../lib/localised.ts';
import { SHUT_OFF_HINT, SIGNING_FAULTS } from '../lib/signing-faults.ts';
import type { MksError, MksErrorDetails } from '../mks/errors.ts';
import type { ArchiveFault, Failure } from '../reports/types.ts';
import {
  isProblemSlug,
  type Mistake,
  ProblemError,
  problemText,
  type ProblemExtensions,
  type ProblemOptions,
  type ProblemSlug,
  type ShownAnswer,
} from '../problems.ts';
import type { CodeAdvice } from './advice.ts';

export interface ProblemContext {
  /** What is known of a result code of MKS, if it is one. */
  advise: (code: string, service?: string) => CodeAdvice | undefined;
  /** Wall ms. */
  now: number;
}

const STATE_RETRY_MS = 5_000;
const TRAIL_RETRY_MS = 5_000;
const READERS_RETRY_MS = 30_000;
/** The form of every known result code; nothing else of an unsigned answer is repeated. */
const CODE = /^[A-Za-z0-9]{1,16}$/;

/** Fastify's own error codes that are the caller's doing. Its validation errors come with mistakes. */
const FASTIFY_PROBLEMS: Readonly<Record<string, ProblemSlug>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'payload-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-media-type',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'invalid-request',
  FST_ERR_BAD_URL: 'invalid-request',
  FST_ERR_NOT_FOUND: 'not-found',
  FST_ERR_MAX_PARAM_LENGTH: 'not-found',
};

const UNREADABLE: ProblemOptions = {
  extensions: {
    errors: [
      {
        path: '',
        message: {
          en: 'the address or the length of the body is not valid',
          tr: 'adres ya da gövdenin uzunluğu geçerli değil',
        },
      },
    ],
  },
};

/**
 * The problem that an error is.
 *
 * @param error anything that was thrown.
 * @returns a ProblemError; its `cause` is the error, for the log.
 */
export function toProblem(error: unknown, context: ProblemContext): ProblemError {
  if (error instanceof ProblemError) return error;
  if (!(error instanceof Error)) return new ProblemError('internal', { cause: error });
  switch (error.name) {
    case 'MksError':
      return fromMksError(error as MksError, context);
    case 'StateUnavailableError':
      return new ProblemError('state-unavailable', { retryAfterMs: STATE_RETRY_MS, cause: error });
    case 'TrailUnavailableError':
      return new ProblemError('trail-unavailable', { retryAfterMs: TRAIL_RETRY_MS, cause: error });
    case 'ReportGoneError':
      return new ProblemError('report-expired', { cause: error });
    case 'TooManyReadersError':
      return new ProblemError('overloaded', { retryAfterMs: READERS_RETRY_MS, cause: error });
    case 'StorageFullError':
      return new ProblemError('storage-full', { cause: error });
    case 'LedgerTooLargeError':
      return new ProblemError('payload-too-large', { cause: error });
    case 'LedgerError':
      return fromLedgerError(error);
    case 'ArchiveError':
      return fromArchiveError(error);
  }
  const slug = 'code' in error ? FASTIFY_PROBLEMS[String(error.code)] : undefined;
  if (slug === undefined) return new ProblemError('internal', { cause: error });
  return new ProblemError(slug, { cause: error, ...(slug === 'invalid-request' && UNREADABLE) });
}

/**
 * The problem of a failed report, as `GET /balances/{id}` shows and `/rows` answers it.
 */
export function failureProblem(failure: Failure, context: ProblemContext): ProblemError {
  const slug = isProblemSlug(failure.code) ? failure.code : 'internal';
  if (slug === 'internal') return new ProblemError('internal');
  const shown = slug === 'mks-untrusted-response' ? undefined : failure.mks;
  const senderReference = failure.senderReference ?? shown?.senderReference;
  const extensions: ProblemExtensions = {
    ...(shown !== undefined && codeExtensions(shown, context)),
    ...defined({
      reason: failure.reason,
      outcome: failure.outcome,
      retryable: failure.retryable,
      senderReference,
    }),
  };
  return new ProblemError(slug, { detail: inBoth(slug, failure.detail), extensions });
}

function fromMksError(error: MksError, context: ProblemContext): ProblemError {
  const { details } = error;
  const shown = error.code === 'mks-untrusted-response' ? undefined : shownAnswerOf(details);
  const extensions: ProblemExtensions = {
    outcome: details.outcome,
    ...defined({ senderReference: details.senderReference }),
    ...(shown !== undefined && codeExtensions(shown, context)),
    ...defined({ opensAt: details.opensAt, hint: details.cannotSign && SHUT_OFF_HINT }),
  };
  const retryAfterMs = retryAfter(error, context.now);
  const options: ProblemOptions = {
    detail:
      details.cannotSign === undefined
        ? inBoth(error.code, error.message)
        : { en: error.message, tr: `Üye imza atamıyor: ${SIGNING_FAULTS[details.cannotSign].tr}` },
    extensions,
    cause: error,
    ...defined({ retryAfterMs }),
  };
  return new ProblemError(error.code, options);
}

function retryAfter(error: MksError, now: number): number | undefined {
  if (error.details.retryAfterMs !== undefined) return error.details.retryAfterMs;
  if (error.details.opensAt !== undefined) return error.details.opensAt - now;
  return error.code === 'state-unavailable' ? STATE_RETRY_MS : undefined;
}

/** The code that an answer bore. Only a signature makes its description worth repeating. */
function shownAnswerOf(details: MksErrorDetails): ShownAnswer | undefined {
  if (details.mksCode === undefined || !CODE.test(details.mksCode)) return undefined;
  return {
    code: details.mksCode,
    ...defined({ service: details.service }),
    ...(details.verified === true &&
      details.mksDescription !== undefined && { description: details.mksDescription }),
    ...defined({ senderReference: details.senderReference, messageId: details.messageId }),
  };
}

/** @param service the one that was called: the hint names its authorities alone. */
function codeExtensions(
  { service, ...mks }: ShownAnswer,
  context: ProblemContext,
): ProblemExtensions {
  const advice = context.advise(mks.code, service);
  if (advice === undefined) return { mks };
  return { mks, hint: advice.hint, retryable: advice.retryable };
}

/** The ledger's lines are told as the mistakes that they are. */
function fromLedgerError(error: Error): ProblemError {
  const errors = 'errors' in error ? (error.errors as Mistake[]) : [];
  return new ProblemError('invalid-request', { extensions: { errors }, cause: error });
}

function fromArchiveError(error: Error): ProblemError {
  const reason = 'reason' in error ? (error.reason as ArchiveFault) : undefined;
  return new ProblemError('mks-archive-invalid', {
    detail: inBoth('mks-archive-invalid', error.message),
    extensions: defined({ reason }),
    cause: error,
  });
}

/** The inner layers speak English; a Turkish reader gets the catalogue's words instead. */
function inBoth(slug: ProblemSlug, english: string): Localised {
  return { en: english, tr: problemText(slug, 'tr').meaning };
}
