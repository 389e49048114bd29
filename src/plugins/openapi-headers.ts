/**
 * The headers of answers in the OpenAPI document that come with many operations, by what an answer
 * is. What one operation alone sends stands in its own schema.
 */
import { PROBLEM_SLUGS, type ProblemSlug } from '../problems.ts';
import { MKS_PROBLEMS } from '../schemas/problems.ts';

const header = (type: 'string' | 'integer', description: string) => ({
  schema: { type },
  description,
});

/** Components of the document. */
export const HEADERS = {
  'X-Request-Id': header('string', 'The id of the request: taken from it or made. İstek kimliği.'),
  'Retry-After': header('integer', 'Seconds, if it is known when to try again. Bekleme süresi.'),
  'RateLimit-Limit': header('integer', 'Requests a minute of this client. Dakikalık sınır.'),
  'RateLimit-Remaining': header('integer', 'How many are left of them. Kalan istek sayısı.'),
  'RateLimit-Reset': header('integer', 'Seconds until all are there again. Yenilenme süresi.'),
  'Content-Language': header('string', '`en` or `tr`, as Accept-Language asks. Metinlerin dili.'),
  'Sender-Reference': header(
    'string',
    'The reference of the message to MKS, if it got one. Mesajın referansı.',
  ),
  Allow: header('string', 'The methods of the address. Adresin yöntemleri.'),
  'WWW-Authenticate': header('string', '`Bearer`'),
};

type HeaderName = keyof typeof HEADERS;

const RATE_LIMIT: readonly HeaderName[] = [
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
];

const STATUS_HEADERS: Readonly<Record<string, readonly HeaderName[]>> = {
  401: ['WWW-Authenticate'],
  405: ['Allow'],
  409: ['Retry-After'],
  429: ['Retry-After'],
  502: ['Retry-After'],
  503: ['Retry-After'],
  504: ['Retry-After'],
};

/** They can come after a message has got its reference, where there is a message to MKS. */
const WITH_REFERENCE = [...MKS_PROBLEMS, 'conflict', 'storage-full', 'state-unavailable'] as const;

/** As far as it is completed here. */
export interface HeadedOperation {
  responses: Record<string, HeadedAnswer>;
  /** Empty where no key is asked for. */
  security?: unknown;
}

interface HeadedAnswer {
  headers?: object;
  content?: Record<string, { examples?: object }>;
}

/** Puts references to the shared headers before those of the operation's own. */
export function addHeaders({ responses, security }: HeadedOperation): void {
  const isPublic = Array.isArray(security) && security.length === 0;
  const asksMks = Object.values(responses).some((each) => tells(each, MKS_PROBLEMS));
  for (const [status, response] of Object.entries(responses)) {
    // Who is not known is not counted.
    const isCounted = !isPublic && status !== '401';
    const names = [
      'X-Request-Id',
      ...(isCounted ? RATE_LIMIT : []),
      ...(tells(response, PROBLEM_SLUGS) ? (['Content-Language'] as const) : []),
      ...(asksMks && tells(response, WITH_REFERENCE) ? (['Sender-Reference'] as const) : []),
      ...(STATUS_HEADERS[status] ?? []),
    ];
    const references = names.map((name) => [name, { $ref: `#/components/headers/${name}` }]);
    response.headers = { ...Object.fromEntries(references), ...response.headers };
  }
}

/** Whether an answer can be one of these problems: it shows an example of each that it can be. */
function tells({ content }: HeadedAnswer, slugs: readonly ProblemSlug[]): boolean {
  const examples = content?.['application/problem+json']?.examples ?? {};
  return slugs.some((slug) => slug in examples);
}
