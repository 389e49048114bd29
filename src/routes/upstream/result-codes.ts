/** `GET /result-codes`: what each code of MKS means and who can mend it. */
import { preferredLanguage } from '../../lib/negotiation.ts';
import { resultCodesOperation } from '../../schemas/reference-operations.ts';
import type { App, EdgeDeps } from '../types.ts';

export function readResultCodes(app: App, deps: EdgeDeps): void {
  app.get('/result-codes', resultCodesOperation, (request, reply) => {
    const language = preferredLanguage(request.headers['accept-language']);
    return reply
      .header('content-language', language)
      .header('vary', 'Accept-Language')
      .send({
        items: deps.resultCodes.map((entry) => ({ ...entry, meaning: entry.meaning[language] })),
      });
  });
}
