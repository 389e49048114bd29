/**
 * The closed catalogue of problems (RFC 9457): every failure that a caller can meet has one entry.
 *
 * The texts in both languages lie in `problems/`; the mapping from inner errors too.
 */
import type { Language, Localised } from './lib/localised.ts';
import type { Outcome } from './mks/errors.ts';
import type { ArchiveFault, DecidingAnswer } from './reports/types.ts';
import { problemTextsEnglish } from './problems/texts-en.ts';
import { problemTextsTurkish } from './problems/texts-tr.ts';

/** Each problem's HTTP status; the key is the last part of its `type` URI. */
export const PROBLEM_STATUSES = {
  'invalid-request': 400,
  unauthorized: 401,
  'member-forbidden': 403,
  'not-found': 404,
  'method-not-allowed': 405,
  'not-acceptable': 406,
  conflict: 409,
  'report-expired': 410,
  'payload-too-large': 413,
  'unsupported-media-type': 415,
  'idempotency-key-reused': 422,
  'mks-rejected': 422,
  'rate-limited': 429,
  internal: 500,
  'mks-untrusted-response': 502,
  'mks-unreachable': 502,
  'mks-error': 502,
  'mks-login-refused': 502,
  'mks-archive-invalid': 502,
  'outside-service-hours': 503,
  overloaded: 503,
  'state-unavailable': 503,
  'mks-unknown-outcome': 504,
  'storage-full': 507,
} as const;

export type ProblemSlug = keyof typeof PROBLEM_STATUSES;

/** What a person reads about a problem. */
export interface ProblemText {
  title: string;
  meaning: string;
  /** What to do about it. */
  remedy: string;
}

/** One mistake of a request: `path` is a JSON Pointer into the body, or a parameter's name. */
export interface Mistake {
  path: string;
  message: Localised;
}

/** An answer of MKS as far as it may be repeated. */
export type ShownAnswer = Pick<DecidingAnswer, 'code'> & Partial<DecidingAnswer>;

/** What a problem may bear besides the members of RFC 9457 (its §3.2). */
export interface ProblemExtensions {
  errors?: Mistake[];
  mks?: ShownAnswer;
  hint?: Localised;
  retryable?: boolean;
  senderReference?: string;
  outcome?: Outcome;
  /** Wall ms. */
  opensAt?: number;
  reason?: ArchiveFault;
}

export interface ProblemOptions {
  detail?: Localised;
  extensions?: ProblemExtensions;
  /** For `Retry-After`, rounded up to seconds. */
  retryAfterMs?: number;
  /** For `Allow` of a 405. */
  allow?: readonly string[];
  cause?: unknown;
}

/** A failure that already is a problem; the edge throws it, the error handler renders it. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly slug: ProblemSlug;
  readonly options: ProblemOptions;

  constructor(slug: ProblemSlug, options: ProblemOptions = {}) {
    super(options.detail?.en ?? problemTextsEnglish[slug].meaning, { cause: options.cause });
    this.slug = slug;
    this.options = options;
  }

  get status(): number {
    return PROBLEM_STATUSES[this.slug];
  }
}

export function isProblemSlug(value: string): value is ProblemSlug {
  return Object.hasOwn(PROBLEM_STATUSES, value);
}

export const PROBLEM_SLUGS: readonly ProblemSlug[] =
  Object.keys(PROBLEM_STATUSES).filter(isProblemSlug);

/** Title, meaning and remedy of a problem in the reader's language. */
export function problemText(slug: ProblemSlug, language: Language): ProblemText {
  return (language === 'tr' ? problemTextsTurkish : problemTextsEnglish)[slug];
}

/** The `type` URI reference of a problem; it is also the path of its page. */
export function problemType(slug: ProblemSlug): string {
  return `/problems/${slug}`;
}
