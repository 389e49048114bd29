/** Which problems there are, with their statuses, and what is written about each. */

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
