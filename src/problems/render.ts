/** A problem as a document: RFC 9457's fields first, then the catalogue's extensions. */
import { istanbulTimestamps } from '../lib/dates.ts';
import { defined } from '../lib/defined.ts';
import type { Language } from '../lib/localised.ts';
import type { Outcome } from '../mks/errors.ts';
import type { ArchiveFault } from '../reports/types.ts';
import { problemText, problemType, type ProblemError, type ShownAnswer } from '../problems.ts';

export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance?: string;
  requestId?: string;
  errors?: { path: string; message: string }[];
  mks?: ShownAnswer;
  hint?: string;
  retryable?: boolean;
  senderReference?: string;
  outcome?: Outcome;
  opensAt?: string;
  reason?: ArchiveFault;
}

export interface ProblemPlace {
  /** The path of the request or of the report. */
  instance?: string;
  requestId?: string;
}

/** The document of a problem in one language. */
export function problemDocument(
  problem: ProblemError,
  language: Language,
  place: ProblemPlace,
): ProblemDocument {
  const text = problemText(problem.slug, language);
  const { errors, hint, opensAt, ...extensions } = problem.options.extensions ?? {};
  return {
    type: problemType(problem.slug),
    title: text.title,
    status: problem.status,
    detail: problem.options.detail?.[language] ?? text.meaning,
    ...place,
    ...extensions,
    ...defined({
      errors: errors?.map(({ path, message }) => ({ path, message: message[language] })),
      hint: hint?.[language],
    }),
    ...istanbulTimestamps({ opensAt }),
  };
}

/** Milliseconds → whole seconds for `Retry-After`, at least one. */
export function retryAfterSeconds(retryAfterMs: number): number {
  return Math.max(1, Math.ceil(retryAfterMs / 1000));
}
