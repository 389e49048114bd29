/** Compares a value with a schema and says in plain words where the two differ. */
import type { Static, TSchema } from 'typebox';
import { Settings } from 'typebox/system';
import { Check, Errors } from 'typebox/value';
import type { Place } from './findings.ts';

// The default of 8 would hide the ninth mistake of a file.
Settings.Set({ maxErrors: 200 });

/** The part of a validation error that TypeBox and Ajv have in common. */
export interface ShapeError {
  keyword: string;
  instancePath: string;
  params: object;
  message?: string;
}

/**
 * Says whether the value has the schema's shape, and notes a mistake for each difference.
 *
 * A schema's own description takes the place of the words that its keyword would get.
 */
export function hasShape<T extends TSchema>(
  schema: T,
  value: unknown,
  place: Place,
): value is Static<T> {
  if (Check(schema, value)) return true;
  for (const [path, text] of describe(schema, Errors(schema, value))) {
    path.reduce((parent, part) => parent.at(part), place).mistake(text);
  }
  return false;
}

/** The differences as paths and texts, one a path and text. */
export function describe(
  schema: object,
  errors: Iterable<ShapeError>,
): [path: (string | number)[], text: string][] {
  const found = new Map<string, [(string | number)[], string]>();
  for (const error of errors) {
    const at = error.instancePath.split('/').slice(1).map(toPart);
    for (const name of namesIn(error.params, 'requiredProperties', 'missingProperty')) {
      note([...at, name], 'is required');
    }
    for (const name of namesIn(error.params, 'additionalProperties', 'additionalProperty')) {
      note([...at, name], 'is not a known field');
    }
    // TypeBox's `boolean` repeats `additionalProperties`; `required` and the latter are told above.
    if (['required', 'additionalProperties', 'boolean'].includes(error.keyword)) continue;
    note(at, descriptionOf(schema, at) ?? inWords(error));
  }
  return [...found.values()];

  function note(path: (string | number)[], text: string): void {
    found.set(JSON.stringify([path, text]), [path, text]);
  }
}

function inWords({ keyword, params, message }: ShapeError): string {
  const { limit, type, allowedValues } = params as Record<string, unknown>;
  switch (keyword) {
    case 'type':
      return `must be ${type === 'array' || type === 'object' ? 'an' : 'a'} ${String(type)}`;
    case 'enum':
      return `must be one of ${(allowedValues as unknown[]).join(', ')}`;
    case 'minimum':
      return `must be at least ${String(limit)}`;
    case 'exclusiveMinimum':
      return `must be above ${String(limit)}`;
    case 'maximum':
      return `must be at most ${String(limit)}`;
    case 'minItems':
      return `must hold at least ${String(limit)}`;
    default:
      return message ?? 'is not valid';
  }
}

function namesIn(params: object, ...keys: string[]): string[] {
  return keys
    .flatMap((key) => (params as Record<string, unknown>)[key])
    .filter((name) => typeof name === 'string');
}

function toPart(text: string): string | number {
  if (/^\d+$/.test(text)) return Number(text);
  return text.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** The description of the schema that stands for this path. */
function descriptionOf(schema: object, path: readonly (string | number)[]): string | undefined {
  let node: unknown = schema;
  for (const part of path) {
    const { properties, items } = node as { properties?: Record<string, unknown>; items?: unknown };
    node = typeof part === 'number' ? items : properties?.[part];
    if (typeof node !== 'object' || node === null) return undefined;
  }
  const { description } = node as { description?: unknown };
  return typeof description === 'string' ? description : undefined;
}
