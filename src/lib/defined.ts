/** Objects that leave out what does not apply, as optional properties are meant here. */

/** The same object, where a property that may be undefined is one that may be absent. */
export type Defined<Properties extends object> = {
  [Name in keyof Properties as undefined extends Properties[Name] ? never : Name]: Properties[Name];
} & {
  [Name in keyof Properties as undefined extends Properties[Name] ? Name : never]?: Exclude<
    Properties[Name],
    undefined
  >;
};

/**
 * The properties that have a value; `undefined` is left out, `null`, `false` and `''` are values.
 *
 * @returns a new object, in the same order.
 */
export function defined<Properties extends object>(properties: Properties): Defined<Properties> {
  // By hand: with lists of entries it took a fiftieth of the time of a call.
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(properties)) {
    if (value !== undefined) kept[name] = value;
  }
  return kept as Defined<Properties>;
}
