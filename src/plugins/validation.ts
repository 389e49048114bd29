/** How requests are validated: bodies to the letter, query strings after their types are read. */
import { setImmediate } from 'node:timers/promises';
import AjvCompiler, { type BuildCompilerFromPool } from '@fastify/ajv-compiler';

const STRICT = {
  coerceTypes: false,
  useDefaults: false,
  removeAdditional: false,
  allErrors: true,
  // Compiling the schema of schemas, three times, took a third of the start; ours are validated
  // with the OpenAPI document that is made of them.
  validateSchema: false,
};

/** One for all apps of a process, each with the same schemas: a test has many, and compiles them once. */
const compilerOf = AjvCompiler();

export interface Validators {
  /** For Fastify's `schemaController`. */
  build: BuildCompilerFromPool;
  /**
   * Compiles what no request has needed so far, a schema a turn of the event loop.
   * @param isOver whether to leave it.
   * @throws what a schema throws that cannot be compiled.
   */
  compileRest(isOver: () => boolean): Promise<void>;
}

/**
 * Validators that are compiled for the first request, or by `compileRest`: all of them take a while, and a
 * gateway that already listens can make them meanwhile.
 */
export function createValidators(): Validators {
  const waiting = new Set<() => unknown>();
  const compilers = new Map<string, Compile>();
  return {
    build(sharedSchemas) {
      // Once a schema has been added, Fastify asks anew for each route. Of one app no two bear the same id.
      const ids = Object.keys(sharedSchemas).join(' ');
      const compile = compilers.get(ids) ?? createCompiler(sharedSchemas);
      compilers.set(ids, compile);
      return (route) => compiledLate(waiting, () => compile(route));
    },
    async compileRest(isOver) {
      for (const compile of waiting) {
        await setImmediate();
        if (isOver()) return;
        compile();
      }
    },
  };
}

/**
 * Three Ajv instances: nothing in a body is converted, filled in or dropped; a query string bears text
 * only, so there `"10"` may be an integer. Bodies are bounded, so reporting all errors is safe.
 */
function createCompiler(sharedSchemas: Parameters<BuildCompilerFromPool>[0]): Compile {
  const ajv = (customOptions: object): Compile => {
    let made: Compile | undefined;
    return (route) => (made ??= compilerOf(sharedSchemas, { customOptions }))(route);
  };
  const strict = ajv(STRICT);
  const textual = ajv({ ...STRICT, coerceTypes: true, useDefaults: true });
  // What has another form than an id is not there; that is no mistake of form.
  const addresses = ajv({ ...STRICT, validateFormats: false });
  return (route) => {
    const { httpPart, schema } = Object(route) as RoutePart;
    if (httpPart === 'querystring') return textual(route);
    if (httpPart === 'params') return addresses(route);
    if (httpPart !== 'headers') return strict(route);
    return strict(withLowerCaseNames(route, schema));
  };
}

type Compile = ReturnType<BuildCompilerFromPool>;
type Validate = ReturnType<Compile>;

/** The validator that `compile` gives, as soon as it is used or its turn among those who wait has come. */
function compiledLate(waiting: Set<() => unknown>, compile: () => Validate): Validate {
  let compiled: Validate | undefined;
  const get = (): Validate => {
    waiting.delete(get);
    return (compiled ??= compile());
  };
  waiting.add(get);
  const validate = (...given: Parameters<Validate>): unknown => get()(...given);
  return Object.defineProperties(validate, {
    errors: { get: () => get().errors },
    schema: { get: () => get().schema },
    schemaEnv: { get: () => get().schemaEnv },
  }) as unknown as Validate;
}

/** What Fastify really hands over; the types speak of the schema alone. */
interface RoutePart {
  httpPart?: string;
  schema?: { properties?: Record<string, unknown> };
}

/** Node lower-cases the names of headers; the document shows them as people write them. */
function withLowerCaseNames(route: unknown, schema: RoutePart['schema']): object {
  const properties = Object.entries(schema?.properties ?? {}).map(([name, property]) => [
    name.toLowerCase(),
    property,
  ]);
  return { ...Object(route), schema: { ...schema, properties: Object.fromEntries(properties) } };
}
