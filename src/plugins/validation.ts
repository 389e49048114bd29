/** How requests are validated: bodies to the letter, query strings after their types are read. */
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

/**
 * Three Ajv instances: nothing in a body is converted, filled in or dropped; a query string bears text
 * only, so there `"10"` may be an integer. Bodies are bounded, so reporting all errors is safe.
 */
export const buildValidator: BuildCompilerFromPool = (externalSchemas) => {
  const compilers = AjvCompiler();
  const strict = compilers(externalSchemas, { customOptions: STRICT });
  const textual = compilers(externalSchemas, {
    customOptions: { ...STRICT, coerceTypes: true, useDefaults: true },
  });
  // What has another form than an id is not there; that is no mistake of form.
  const addresses = compilers(externalSchemas, {
    customOptions: { ...STRICT, validateFormats: false },
  });
  return (route) => {
    const { httpPart, schema } = Object(route) as RoutePart;
    if (httpPart === 'querystring') return textual(route);
    if (httpPart === 'params') return addresses(route);
    if (httpPart !== 'headers') return strict(route);
    return strict(withLowerCaseNames(route, schema));
  };
};

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
