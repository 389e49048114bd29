/** What the schemas of all resources share. */
import { Type, type Static, type TSchema } from 'typebox';
import { defined } from '../lib/defined.ts';

/** A reference to a named schema, so that it becomes a component of the OpenAPI document. */
export function refTo<Schema extends TSchema & { $id: string }>(schema: Schema) {
  return Type.Unsafe<Static<Schema>>({ $ref: `${schema.$id}#` });
}

/** Gives a schema the name that `refTo` and the OpenAPI document use. */
export function named<Schema extends TSchema>($id: string, schema: Schema) {
  return Object.assign(schema, { $id });
}

/** For the addresses that need no key: for our own guard, and for the document. */
export const PUBLIC = { config: { public: true } } as const;
export const NO_KEY: { [name: string]: string[] }[] = [];

export const MemberCode = Type.String({
  pattern: '^[A-Z0-9]{3,8}$',
  description: 'MKS member code. Üye kodu.',
  examples: ['TIB'],
});

export const ProcessDate = Type.String({
  pattern: '^(?:19[0-9]{2}|2[0-9]{3})(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])$',
  description: 'The day of the balances, YYYYMMDD, not in the future in Istanbul. Bakiye tarihi.',
  examples: ['20250505'],
});

export const Timestamp = Type.String({
  format: 'date-time',
  description: 'RFC 3339 in Istanbul time',
  examples: ['2025-05-06T10:15:00.000+03:00'],
});

export const MemberQuery = Type.Object(
  { member: Type.Optional(MemberCode) },
  { additionalProperties: false },
);

/** One documented answer with a body. */
export function answer(
  description: string,
  content: Record<string, { schema: TSchema; example?: unknown; examples?: unknown }>,
  headers?: Record<string, { type: 'string' | 'integer'; description: string }>,
) {
  return { description, content, ...defined({ headers }) };
}

/** One documented answer with a JSON body. */
export function jsonAnswer(
  description: string,
  schema: TSchema,
  example: unknown,
  headers?: Record<string, { type: 'string' | 'integer'; description: string }>,
) {
  return answer(description, { 'application/json': { schema, example } }, headers);
}

/** The header of an answer whose texts are in the caller's language. */
export const CONTENT_LANGUAGE = {
  'Content-Language': { type: 'string', description: '`en` or `tr`. Metinlerin dili.' },
} as const;
