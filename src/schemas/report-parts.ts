/** Parts that the endpoints of reports share. */
import { Type } from 'typebox';
import { formatsByType, type Format } from '../rows/formats/index.ts';
import { defined } from '../lib/defined.ts';
import { refTo } from './common.ts';
import { COMMON_PROBLEMS, MKS_PROBLEMS } from './problems.ts';
import { REPORT_ID, ROW_EXAMPLE, ROWS_EXAMPLE } from './report-examples.ts';
import { BalanceRow, BalanceRows } from './reports.ts';

export const tags = ['balances'];
export const NOTHING = Type.Object({}, { additionalProperties: false });
export const ReportParams = Type.Object({
  id: Type.String({
    format: 'uuid',
    description: 'The id of the report. Rapor kimliği.',
    examples: [REPORT_ID],
  }),
});
export const Prefer = Type.Optional(
  Type.String({
    description: '`wait=N` waits for N seconds, 120 at most; `respond-async` does not wait',
    examples: ['wait=60'],
  }),
);

export const preferenceApplied = {
  type: 'string',
  description: 'What of `Prefer` was honoured',
} as const;
export const rowHeaders = {
  'Row-Count': { type: 'integer', description: 'How many rows' },
  ETag: { type: 'string', description: 'For If-None-Match; changes when the bytes do' },
} as const;
/** Where rows follow. */
export const rowBodyHeaders = {
  ...rowHeaders,
  'Content-Disposition': {
    type: 'string',
    description:
      'Bears a name with member and day, such as `MKK_TIB_2025-05-05.csv`; `inline` for JSON and NDJSON, ' +
      '`attachment` for what is opened with another program',
  },
} as const;
const shapes = {
  document: { schema: refTo(BalanceRows), example: ROWS_EXAMPLE },
  row: { schema: refTo(BalanceRow), example: ROW_EXAMPLE },
  text: { schema: Type.String() },
  file: { schema: Type.String({ format: 'binary' }) },
} satisfies Record<Format['shape'], unknown>;
/** A body for each media type of the formats. */
export const rowContent = Object.fromEntries(
  [...formatsByType()].map(([mediaType, { shape, example }]) => [
    mediaType,
    { ...shapes[shape], ...defined({ example }) },
  ]),
);
export const ON_REPORT = [...COMMON_PROBLEMS, 'not-found'] as const;
export const ON_ROWS = [
  ...ON_REPORT,
  ...MKS_PROBLEMS,
  'not-acceptable',
  'conflict',
  'report-expired',
  'storage-full',
  'trail-unavailable',
] as const;
