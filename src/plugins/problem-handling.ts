/** Every failure as `application/problem+json`, also those of the framework itself (RFC 9457). */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { ProblemError, type ProblemSlug } from '../problems.ts';
import { toProblem, type ProblemContext } from '../problems/from-error.ts';
import { schemaMistakes } from '../problems/mistakes.ts';
import { problemDocument, retryAfterSeconds } from '../problems/render.ts';
import { requestPath } from '../lib/request-path.ts';
import { preferredLanguage } from '../lib/negotiation.ts';

/** Headers that belong to the answer that failed to come. */
const ABANDONED = [
  'etag',
  'row-count',
  'content-disposition',
  'location',
  'content-location',
  'content-encoding',
] as const;

export interface ProblemHandlingOptions {
  context: () => ProblemContext;
  /** The methods that a path answers to; none if it is unknown. */
  methodsOf: (path: string) => readonly string[];
}

export const problemHandling = fp<ProblemHandlingOptions>(
  (app, options, done) => {
    app.setErrorHandler((error: FastifyError, request, reply) => {
      // Nobody hears of it, and the request's own line tells that it was broken off.
      if (isLeaving(error, reply)) return reply.hijack();
      return sendProblem(error, request, reply, options.context());
    });
    const nowhere = (request: FastifyRequest): ProblemError => {
      const allow = options.methodsOf(requestPath(request.url));
      // A wildcard's route may find nothing by a method that it answers to.
      return allow.length === 0 || allow.includes(request.method)
        ? new ProblemError('not-found')
        : new ProblemError('method-not-allowed', { allow });
    };
    // Before the body: what it is does not matter where nothing would read it, and QUERY without a
    // type fails inside Fastify.
    app.addHook('preParsing', (request, _reply, _payload, next) => {
      next(request.is404 ? nowhere(request) : null);
    });
    app.setNotFoundHandler((request, reply) =>
      sendProblem(nowhere(request), request, reply, options.context()),
    );
    done();
  },
  { name: 'problem-handling' },
);

/** Answers with the problem that an error is; the log gets what the caller must not see. */
export function sendProblem(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  context: ProblemContext,
): FastifyReply {
  const problem = isValidationError(error)
    ? new ProblemError('invalid-request', { extensions: { errors: schemaMistakes(request) } })
    : toProblem(error, context);
  const { retryAfterMs, allow } = problem.options;
  request.told = { ...request.told, problem: problem.slug };
  logProblem(problem, request);
  const language = preferredLanguage(request.headers['accept-language']);
  const place = { instance: requestPath(request.url), requestId: request.id };
  const document = problemDocument(problem, language, place);
  for (const name of ABANDONED) {
    reply.removeHeader(name);
    if (!reply.raw.headersSent) reply.raw.removeHeader(name);
  }
  if (retryAfterMs !== undefined) reply.header('retry-after', retryAfterSeconds(retryAfterMs));
  if (allow !== undefined) reply.header('allow', allow.join(', '));
  if (problem.slug === 'unauthorized') reply.header('www-authenticate', 'Bearer');
  if (document.senderReference !== undefined) {
    reply.header('sender-reference', document.senderReference);
  }
  return reply
    .code(problem.status)
    .header('x-request-id', request.id)
    .header('content-language', language)
    .header('cache-control', 'no-store')
    .type('application/problem+json')
    .send(JSON.stringify(document));
}

/** What is wrong on our side or with what MKS says: an operator looks at it. */
const ALARMING: ReadonlySet<ProblemSlug> = new Set([
  'internal',
  'storage-full',
  'trail-unavailable',
  'mks-untrusted-response',
]);
/** What happens every night and what the login's own line has told. */
const EXPECTED: ReadonlySet<ProblemSlug> = new Set(['outside-service-hours', 'mks-login-refused']);

/** A failure of ours or of MKS in the log; a caller's mistake stands in the request's line alone. */
function logProblem(problem: ProblemError, { log }: FastifyRequest): void {
  if (problem.status < 500) return;
  const { cause, extensions } = problem.options;
  if (ALARMING.has(problem.slug)) {
    log.error({ err: cause ?? problem }, problem.slug);
    return;
  }
  const { senderReference, outcome, mks } = extensions ?? {};
  const reason =
    cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : undefined;
  log[EXPECTED.has(problem.slug) ? 'info' : 'warn'](
    { detail: problem.message, reason, senderReference, outcome, mksCode: mks?.code },
    problem.slug,
  );
}

/** The caller left before the first byte: what was to be streamed was ended with his connection. */
function isLeaving({ code }: FastifyError, { raw }: FastifyReply): boolean {
  return raw.destroyed && code === 'ERR_STREAM_PREMATURE_CLOSE';
}

function isValidationError(error: unknown): boolean {
  return error instanceof Error && 'validation' in error && error.validation !== undefined;
}
