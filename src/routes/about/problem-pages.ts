/** `GET /problems/{slug}`: what a type of problem means and what to do, for people and programs. */
import { createHash } from 'node:crypto';
import { preferredLanguage, preferredType } from '../../lib/negotiation.ts';
import {
  isProblemSlug,
  PROBLEM_STATUSES,
  ProblemError,
  problemText,
  problemType,
} from '../../problems.ts';
import { PROBLEM_PAGE_STYLE, problemPage } from '../../problems/page.ts';
import { problemPageOperation } from '../../schemas/reference-operations.ts';
import type { App } from '../types.ts';

const styleDigest = createHash('sha256').update(PROBLEM_PAGE_STYLE).digest('base64');
const PAGE_POLICY =
  `default-src 'none'; style-src 'sha256-${styleDigest}'; ` +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export function readProblemPage(app: App): void {
  app.get('/problems/:slug', problemPageOperation, (request, reply) => {
    const { slug } = request.params;
    if (!isProblemSlug(slug)) throw new ProblemError('not-found');
    const language = request.query.lang ?? preferredLanguage(request.headers['accept-language']);
    const type = preferredType(request.headers.accept, ['application/json', 'text/html']);
    reply.header('content-language', language).header('vary', 'Accept, Accept-Language');
    if (type === 'text/html') {
      return reply
        .header('content-security-policy', PAGE_POLICY)
        .type('text/html; charset=utf-8')
        .send(problemPage(slug, language));
    }
    const status = PROBLEM_STATUSES[slug];
    return reply.send({ type: problemType(slug), status, ...problemText(slug, language) });
  });
}
