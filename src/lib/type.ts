/**
 * JSON schemas with the types of what they describe: the builders of typebox that are used here.
 *
 * The types are typebox's own, and so is what the builders make, to the letter (test/lib/type.test.ts). Its
 * code stays away: 679 files, a sixth of a start and of the memory at rest, for what is a line each here.
 */
import type * as typebox from 'typebox';

export type { Static, TNumberOptions, TSchema } from 'typebox';

type Builders = Pick<
  typeof typebox.Type,
  | 'Array'
  | 'Boolean'
  | 'Enum'
  | 'Integer'
  | 'Literal'
  | 'Number'
  | 'Object'
  | 'Optional'
  | 'Partial'
  | 'Record'
  | 'String'
  | 'Union'
  | 'Unknown'
  | 'Unsafe'
>;
type Schema = object;
type Properties = Record<string, Schema>;

/** What `Optional` has made: a schema does not say of itself whether it has to be there. */
const optional = new WeakSet<Schema>();

function makeOptional(schema: Schema): Schema {
  const copy = { ...schema };
  optional.add(copy);
  return copy;
}

function makeObject(properties: Properties, options?: Schema): Schema {
  const names = Object.keys(properties);
  const required = names.filter((name) => !optional.has(properties[name] as Schema));
  return { type: 'object', ...(required.length > 0 && { required }), properties, ...options };
}

const builders = {
  Array: (items: Schema, options?: Schema) => ({ type: 'array', items, ...options }),
  Boolean: (options?: Schema) => ({ type: 'boolean', ...options }),
  Enum: (values: readonly unknown[], options?: Schema) => ({ enum: values, ...options }),
  Integer: (options?: Schema) => ({ type: 'integer', ...options }),
  Literal: (value: unknown, options?: Schema) => ({
    type: typeof value,
    const: value,
    ...options,
  }),
  Number: (options?: Schema) => ({ type: 'number', ...options }),
  Object: makeObject,
  Optional: makeOptional,
  Partial: ({ properties }: { properties: Properties }) =>
    makeObject(
      Object.fromEntries(
        Object.entries(properties).map(([name, schema]) => [name, makeOptional(schema)]),
      ),
    ),
  /** Of texts by any name: by a pattern typebox would do more. */
  Record: (_names: Schema, value: Schema, options?: Schema) => ({
    type: 'object',
    patternProperties: { '^.*$': value },
    ...options,
  }),
  String: (options?: Schema) => ({ type: 'string', ...options }),
  Union: (anyOf: readonly Schema[], options?: Schema) => ({ anyOf, ...options }),
  Unknown: (options?: Schema) => ({ ...options }),
  Unsafe: (schema: Schema) => schema,
};

export const Type = builders as unknown as Builders;
