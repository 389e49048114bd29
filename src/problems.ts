/**
 * The closed catalogue of problems (RFC 9457): every failure that a caller can meet has one entry.
 *
 * Statuses and texts lie in `problems/`; the mapping from inner errors too.
 */
import { PROBLEMS, type ProblemSlug } from './problems/catalogue.ts';
import type { Language, Localised } from './lib/localised.ts';
import type { Outcome } from './mks/errors.ts';
import type { ArchiveFault, DecidingAnswer } from './reports/types.ts';
import {
  FACT_WORDS,
  type Problem,
  type ProblemFact,
  type ProblemText,
} from './problems/problem.ts';

export type { ProblemSlug } from './problems/catalogue.ts';
export { FACT_WORDS, type ProblemText } from './problems/problem.ts';

/** One mistake of a request: `path` is a JSON Pointer into the body, or a parameter's name. */
export interface Mistake {
  path: string;
  message: Localised;
}

/** An answer of MKS as far as it may be repeated. */
export type ShownAnswer = Pick<DecidingAnswer, 'code'> & Partial<DecidingAnswer>;

/** What a problem may bear besides the fields of RFC 9457 (its §3.2). */
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
  /** Days that lack a ready report, each `YYYYMMDD`. */
  processDates?: string[];
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
    super(options.detail?.en ?? PROBLEMS[slug].en.meaning, { cause: options.cause });
    this.slug = slug;
    this.options = options;
  }

  get status(): number {
    return problemStatus(this.slug);
  }
}

export function isProblemSlug(value: string): value is ProblemSlug {
  return Object.hasOwn(PROBLEMS, value);
}

export const PROBLEM_SLUGS: readonly ProblemSlug[] = Object.keys(PROBLEMS).filter(isProblemSlug);

/** The HTTP status of a problem. */
export function problemStatus(slug: ProblemSlug): number {
  return PROBLEMS[slug].status;
}

/** Title, meaning and remedy of a problem in the reader's language. */
export function problemText(slug: ProblemSlug, language: Language): ProblemText {
  return PROBLEMS[slug][language];
}

/** Who mends it, whether another try can help, whether MKS has got it: for programs. */
export function problemFacts(slug: ProblemSlug): Pick<Problem, ProblemFact> {
  const { mends, again, sent } = PROBLEMS[slug];
  return { mends, again, sent };
}

/** One of these facts in the reader's language. */
export function factWord(slug: ProblemSlug, fact: ProblemFact, language: Language): string {
  const words: Record<string, Localised> = FACT_WORDS[fact];
  return words[PROBLEMS[slug][fact]]?.[language] ?? '';
}

/** The `type` URI reference of a problem; it is also the path of its page. */
export function problemType(slug: ProblemSlug): string {
  return `/problems/${slug}`;
}
