/** Compares a value with a schema and says in plain words where the two differ. */
import { Ajv, type ErrorObject } from 'ajv';
import type { Static, TSchema } from 'typebox';
import type { Localised } from '../lib/localised.ts';
import type { Place } from './findings.ts';

const ajv = new Ajv({
  // Each mistake of a file is told, not the first alone.
  allErrors: true,
  // Of schemas of ours, which a test compiles; the schema of schemas would cost more than all of them.
  meta: false,
  validateSchema: false,
  // See `told`.
  keywords: ['turkish'],
});

/** What a schema says of a value that is not its own: an option of any schema. */
export function told(en: string, tr: string): { description: string; turkish: string } {
  return { description: en, turkish: tr };
}

/**
 * Says whether the value has the schema's shape, and notes a mistake for each difference.
 *
 * A schema's own words, see `told`, take the place of the words that its keyword would get.
 */
export function hasShape<T extends TSchema>(
  schema: T,
  value: unknown,
  place: Place,
): value is Static<T> {
  const found = differences(schema, value);
  for (const [path, text] of found) {
    path.reduce((parent, part) => parent.at(part), place).mistake(text.en, text.tr);
  }
  return found.length === 0;
}

/** Whether the value has the schema's shape; where it has not, see `differences`. */
export function fits<T extends TSchema>(schema: T, value: unknown): value is Static<T> {
  return ajv.validate(schema, value);
}

/** The differences as paths and texts, one a path and text. */
export function differences(
  schema: TSchema,
  value: unknown,
): [path: (string | number)[], text: Localised][] {
  if (fits(schema, value)) return [];
  const found = new Map<string, [(string | number)[], Localised]>();
  for (const error of ajv.errors ?? []) {
    const at = error.instancePath.split('/').slice(1).map(toPart);
    const { missingProperty, additionalProperty } = error.params as Record<string, string>;
    if (missingProperty !== undefined) {
      note([...at, missingProperty], { en: 'is required', tr: 'gerekli' });
    } else if (additionalProperty !== undefined) {
      note([...at, additionalProperty], { en: 'is not a known field', tr: 'bilinmeyen alan' });
    } else {
      note(at, wordsOf(schema, at) ?? inWords(error));
    }
  }
  return [...found.values()];

  function note(path: (string | number)[], text: Localised): void {
    found.set(JSON.stringify([path, text.en]), [path, text]);
  }
}

function inWords({ keyword, params, message = keyword }: ErrorObject): Localised {
  const { limit, type, allowedValues } = params as Record<string, unknown>;
  const bound = String(limit);
  switch (keyword) {
    case 'type': {
      const article = type === 'array' || type === 'object' ? 'an' : 'a';
      return { en: `must be ${article} ${String(type)}`, tr: `türü ${String(type)} olmalı` };
    }
    case 'enum': {
      const list = (allowedValues as unknown[]).join(', ');
      return { en: `must be one of ${list}`, tr: `şunlardan biri olmalı: ${list}` };
    }
    case 'minimum':
      return { en: `must be at least ${bound}`, tr: `en az ${bound} olmalı` };
    case 'maximum':
      return { en: `must be at most ${bound}`, tr: `en çok ${bound} olmalı` };
    case 'minItems':
      return { en: `must hold at least ${bound}`, tr: `en az ${bound} tane içermeli` };
    default:
      return { en: message, tr: `geçerli değil (${keyword})` };
  }
}

function toPart(text: string): string | number {
  if (/^\d+$/.test(text)) return Number(text);
  return text.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** The words of the schema that stands for this path. */
function wordsOf(schema: object, path: readonly (string | number)[]): Localised | undefined {
  let node: unknown = schema;
  for (const part of path) {
    const { properties, patternProperties, items } = node as Record<string, unknown>;
    const named = (properties as Record<string, unknown> | undefined)?.[part];
    // Of a record: its values have one schema, whatever they are called.
    const [valued] = Object.values((patternProperties as object | undefined) ?? {}) as unknown[];
    node = typeof part === 'number' ? items : (named ?? valued);
    if (typeof node !== 'object' || node === null) return undefined;
  }
  const { description: en, turkish: tr } = node as Record<string, unknown>;
  return typeof en === 'string' && typeof tr === 'string' ? { en, tr } : undefined;
}
