/** The operations that give a report's contents, as documented and checked. */
import { Type } from 'typebox';
import { csv } from '../rows/formats/csv.ts';
import { formats } from '../rows/formats/index.ts';
import { answer } from './common.ts';
import { problemAnswers } from './problems.ts';
import { ROW_EXAMPLE } from './report-examples.ts';
import { ON_ROWS, ReportParams, rowContent, rowHeaders, tags } from './report-parts.ts';

export const rowsOperation = {
  schema: {
    operationId: 'readRows',
    tags,
    summary: "Read a report's rows",
    description:
      'JSON, NDJSON or CSV by `Accept` or `format`. An answer that ends early breaks the connection; it never ' +
      'looks whole. NDJSON comes as zstd if `Accept-Encoding` names it. With `format=csv-excel` a ' +
      'text that a spreadsheet would run as a formula is written as `="text"`, which shows the ' +
      'very text.\n\nRaporun satırlarını verir.',
    params: ReportParams,
    querystring: Type.Object(
      {
        format: Type.Optional(
          Type.Enum(
            formats.map(({ name }) => name),
            {
              description: `Wins over Accept. ${formats.map(({ name, summary }) => `${name}: ${summary.en}`).join('; ')}`,
            },
          ),
        ),
        dialect: Type.Optional(
          Type.Enum(['excel-tr'], {
            description: 'The same as format=csv-excel where CSV is accepted',
          }),
        ),
      },
      { additionalProperties: false },
    ),
    headers: Type.Object({
      'If-None-Match': Type.Optional(Type.String({ description: 'An ETag that you have' })),
    }),
    response: {
      200: answer('The rows. Satırlar.', rowContent, rowHeaders),
      304: { description: 'You have them already. Değişmedi.', type: 'null', headers: rowHeaders },
      ...problemAnswers(ON_ROWS),
    },
  },
};

export const fileOperation = {
  schema: {
    operationId: 'readFile',
    tags,
    summary: 'Fetch the file of MKS',
    description: 'The decrypted file, byte for byte. MKS dosyasının şifresi çözülmüş aslı.',
    params: ReportParams,
    querystring: Type.Object(
      {
        name: Type.Optional(
          Type.String({ minLength: 1, maxLength: 300, description: 'Which, if there are several' }),
        ),
      },
      { additionalProperties: false },
    ),
    response: {
      200: answer(
        'The file. Dosya.',
        {
          'application/json': { schema: Type.Unknown(), example: [ROW_EXAMPLE] },
          'text/csv': { schema: Type.String(), example: csv.example },
        },
        { 'Content-Disposition': { type: 'string', description: 'Bears the name of the file' } },
      ),
      ...problemAnswers(ON_ROWS.filter((slug) => slug !== 'not-acceptable')),
    },
  },
};
