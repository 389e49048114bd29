/** Everything that may differ in a report's files, as a flat plain object that can be set while running. */

type Choice = string | number | boolean;

/** Field → its default first, then the other values; a number stands for any whole number from 1 on. */
const FIELDS = {
  /** Rows of a report before its filters. */
  rows: [1000],
  /** Files that a report consists of, each in an archive of its own. */
  files: [1],
  encryption: ['aes-256', 'aes-192', 'aes-128', 'zipcrypto', 'none'],
  compression: ['deflate', 'store'],
  zip64: [false, true],
  /** Sizes behind the data. ZipCrypto always has it. */
  dataDescriptor: [true, false],
  jsonRoot: ['array', 'object'],
  jsonPretty: [false, true],
  jsonAmounts: ['number', 'string'],
  /** What stands for a field without a value. */
  jsonEmpty: ['text', 'null', 'absent'],
  /** Letters outside ASCII as \uXXXX. */
  jsonEscapes: [false, true],
  bom: [false, true],
  csvDelimiter: [';', ',', 'tab', '|'],
  csvQuotes: ['needed', 'always', 'never'],
  csvLineEnd: ['crlf', 'lf'],
  csvCharset: ['utf-8', 'windows-1254'],
  csvDecimal: [',', '.'],
  /** Thousands set apart by the sign that is not the decimal one. */
  csvGrouping: [false, true],
} as const satisfies Record<string, readonly Choice[]>;

type Fields = typeof FIELDS;
type Widened<T> = T extends number ? number : T;

export type Shape = { readonly [Name in keyof Fields]: Widened<Fields[Name][number]> };
export type ShapeField = keyof Shape;

export const SHAPE_FIELDS = Object.keys(FIELDS) as ShapeField[];

export const DEFAULT_SHAPE = Object.freeze(
  Object.fromEntries(SHAPE_FIELDS.map((name) => [name, FIELDS[name][0]])),
) as Shape;

/**
 * The shape with these fields changed.
 * @throws RangeError for an unknown field, an unknown value, or values that spoil the file together.
 */
export function mergeShape(shape: Shape, changes: object): Shape {
  for (const [name, value] of Object.entries(changes)) {
    const choices = (FIELDS as Record<string, readonly Choice[]>)[name];
    if (choices === undefined) throw new RangeError(`unknown shape field ${name}`);
    if (!fits(value, choices))
      throw new RangeError(`shape field ${name} cannot be ${String(value)}`);
  }
  const merged: Shape = { ...shape, ...changes };
  const commas = merged.csvDecimal === ',' || merged.csvGrouping;
  if (merged.csvQuotes === 'never' && merged.csvDelimiter === ',' && commas) {
    throw new RangeError('commas in amounts need quotes or another delimiter');
  }
  if (merged.csvCharset === 'windows-1254' && merged.bom) {
    throw new RangeError('windows-1254 has no byte order mark');
  }
  return merged;
}

/** A shape field's value out of a text, such as an environment variable's. */
export function parseShapeValue(name: ShapeField, text: string): Choice {
  const [sample] = FIELDS[name];
  if (typeof sample === 'number') return Number(text);
  return typeof sample === 'boolean' && /^(true|false)$/.test(text) ? text === 'true' : text;
}

function fits(value: unknown, choices: readonly Choice[]): boolean {
  if (typeof choices[0] !== 'number') return choices.some((choice) => choice === value);
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1;
}
