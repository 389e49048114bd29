/** `GET /problems/{slug}`: what a type of problem means and what to do, for people and programs. */
import { createHash } from 'node:crypto';
import { Type } from 'typebox';
import { preferredLanguage, preferredType } from '../../lib/negotiation.ts';
import {
  FACT_WORDS,
  isProblemSlug,
  problemFacts,
  problemStatus,
  ProblemError,
  problemText,
  problemType,
} from '../../problems.ts';
import { PROBLEM_PAGE_STYLE, problemPage } from '../../problems/page.ts';
import type { App } from '../types.ts';
import { answer, CONTENT_LANGUAGE, named, NO_KEY, PUBLIC, refTo } from '../../schemas/common.ts';
import { problemAnswers } from '../../schemas/problems.ts';

const styleDigest = createHash('sha256').update(PROBLEM_PAGE_STYLE).digest('base64');
const PAGE_POLICY =
  `default-src 'none'; style-src 'sha256-${styleDigest}'; ` +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const fact = <Word extends string>(words: Record<Word, unknown>, description: string) =>
  Type.Enum(Object.keys(words) as Word[], { description });

const ProblemPage = named(
  'ProblemPage',
  Type.Object(
    {
      type: Type.String(),
      status: Type.Integer(),
      title: Type.String(),
      meaning: Type.String(),
      remedy: Type.String(),
      mends: fact(
        FACT_WORDS.mends,
        'Who can put it right; `told`: `hint` says. Kim düzeltebilir; `told`: `hint` söyler.',
      ),
      again: fact(
        FACT_WORDS.again,
        'Whether the same request can succeed: never, later, once it is mended, with `refresh`, or as `retryable` ' +
          'says. Aynı istek başarılı olabilir mi: hiç, sonra, düzeltilince, `refresh` ile ya da `retryable` söyler.',
      ),
      sent: fact(
        FACT_WORDS.sent,
        'Whether MKS has got it; `told`: `outcome` says. MKS’ye gitti mi; `told`: `outcome` söyler.',
      ),
    },
    { description: 'What a problem means and what to do. Sorunun anlamı ve çözümü.' },
  ),
);

const PAGE_EXAMPLE = {
  type: '/problems/conflict',
  status: 409,
  title: 'Not possible in the present state',
  meaning: 'The request makes sense, but not in the state that things are in now.',
  remedy: 'Read the state, wait if it is still changing, and decide anew.',
  mends: 'caller',
  again: 'later',
  sent: 'no',
};

const endpoint = {
  ...PUBLIC,
  schema: {
    operationId: 'readProblem',
    tags: ['operations'],
    security: NO_KEY,
    summary: 'Read about a problem',
    description: 'A page for people or JSON, by `Accept`. Sorunun açıklaması.',
    params: Type.Object({
      slug: Type.String({ description: 'The last part of `type`', examples: ['conflict'] }),
    }),
    querystring: Type.Object({
      lang: Type.Optional(Type.Enum(['en', 'tr'], { description: 'Instead of Accept-Language' })),
    }),
    response: {
      200: answer(
        'What it means. Anlamı.',
        {
          'application/json': { schema: refTo(ProblemPage), example: PAGE_EXAMPLE },
          'text/html': { schema: Type.String(), example: '<!doctype html>…' },
        },
        CONTENT_LANGUAGE,
      ),
      ...problemAnswers(['invalid-request', 'not-found', 'internal']),
    },
  },
};

export function readProblemPage(app: App): void {
  app.addSchema(ProblemPage);
  app.get('/problems/:slug', endpoint, (request, reply) => {
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
    return reply.send({
      type: problemType(slug),
      status: problemStatus(slug),
      ...problemText(slug, language),
      ...problemFacts(slug),
    });
  });
}
