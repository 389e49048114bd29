/** `GET /result-codes`: what each code of MKS means and who can mend it. */
import { Type } from 'typebox';
import { preferredLanguage } from '../../lib/negotiation.ts';
import type { App, EdgeDeps } from '../types.ts';
import { CODE_KINDS } from '../../mks/codes.ts';
import { CONTENT_LANGUAGE, jsonAnswer, named, refTo } from '../../schemas/common.ts';
import { ON_REFERENCE, problemAnswers } from '../../schemas/problems.ts';

const ResultCodeEntry = named(
  'ResultCode',
  Type.Object(
    {
      code: Type.String(),
      meaning: Type.String(),
      kind: Type.Enum([...CODE_KINDS]),
      mends: Type.Enum(['nobody', 'caller', 'member', 'gateway', 'mkk'], {
        description: 'Who can put it right',
      }),
      retryable: Type.Boolean(),
      authorities: Type.Array(
        Type.Object({ function: Type.String(), messageType: Type.String() }),
        { description: 'What to look for in screen YT14' },
      ),
    },
    { description: 'One result code of MKS. MKS sonuç kodu.' },
  ),
);

const ResultCodeList = named(
  'ResultCodeList',
  Type.Object({ items: Type.Array(refTo(ResultCodeEntry)) }),
);

const endpoint = {
  schema: {
    operationId: 'readResultCodes',
    tags: ['reference'],
    summary: 'Read the result codes',
    description: 'What each code of MKS means, in Turkish or English. MKS kodlarının anlamı.',
    response: {
      200: jsonAnswer(
        'The codes. Kodlar.',
        refTo(ResultCodeList),
        {
          items: [
            {
              code: 'RP023',
              meaning: 'The report is being made.',
              kind: 'wait',
              mends: 'nobody',
              retryable: true,
              authorities: [],
            },
          ],
        },
        CONTENT_LANGUAGE,
      ),
      ...problemAnswers(ON_REFERENCE),
    },
  },
};

export function readResultCodes(app: App, deps: EdgeDeps): void {
  for (const schema of [ResultCodeEntry, ResultCodeList]) app.addSchema(schema);
  app.get('/result-codes', endpoint, (request, reply) => {
    const language = preferredLanguage(request.headers['accept-language']);
    return reply
      .header('content-language', language)
      .header('vary', 'Accept-Language')
      .send({
        items: deps.resultCodes.map((entry) => ({ ...entry, meaning: entry.meaning[language] })),
      });
  });
}
