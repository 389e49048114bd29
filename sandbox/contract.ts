/** Checks requests field by field against the upstream's contract, openapi/mks.json. */
import { readFileSync } from 'node:fs';
import { isObject, type JsonObject } from './json.ts';

export interface Contract {
  /** What is wrong with the payload of a request to this path; empty when nothing is. */
  problemsOf(path: string, payload: unknown): string[];
}

const CONTRACT_FILE = new URL('../openapi/mks.json', import.meta.url);

/** Reads the contract. @throws Error when the file is missing or lacks a part that is referred to. */
export function loadContract(): Contract {
  const document: unknown = JSON.parse(readFileSync(CONTRACT_FILE, 'utf8'));
  const schemas = new Map<string, JsonObject>();
  for (const [path, item] of Object.entries(asObject(at(document, 'paths')))) {
    schemas.set(path, requestSchema(document, item));
  }
  return {
    problemsOf(path, payload) {
      const schema = schemas.get(path);
      if (schema === undefined) throw new Error(`the contract does not know ${path}`);
      const problems: string[] = [];
      check(document, schema, payload, '', problems);
      return problems;
    },
  };
}

/** The schema of the JSON that is sent: the body itself, or what a signed body carries. */
function requestSchema(document: unknown, item: unknown): JsonObject {
  const content = at(item, 'post', 'requestBody', 'content');
  const plain = at(content, 'application/json', 'schema');
  const schema = plain ?? at(content, 'text/plain', 'schema', 'contentSchema');
  return resolve(document, asObject(schema));
}

function check(
  document: unknown,
  schema: JsonObject,
  value: unknown,
  name: string,
  problems: string[],
): void {
  const { type } = schema;
  if (type === 'object' && isObject(value)) {
    checkObject(document, schema, value, name, problems);
  } else if (type === 'string' && typeof value === 'string') {
    checkText(schema, value, name, problems);
  } else {
    problems.push(`${name === '' ? 'the payload' : name} is not of type ${String(type)}`);
  }
}

function checkObject(
  document: unknown,
  schema: JsonObject,
  value: JsonObject,
  name: string,
  problems: string[],
): void {
  const properties = asObject(schema['properties']);
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const pathOf = (field: string): string => (name === '' ? field : `${name}.${field}`);
  for (const field of required.map(String)) {
    if (!Object.hasOwn(value, field)) problems.push(`${pathOf(field)} is missing`);
  }
  for (const [field, member] of Object.entries(value)) {
    if (Object.hasOwn(properties, field)) {
      const inner = resolve(document, asObject(properties[field]));
      check(document, inner, member, pathOf(field), problems);
    } else if (schema['additionalProperties'] === false) {
      problems.push(`${pathOf(field)} is unknown`);
    }
  }
}

function checkText(schema: JsonObject, value: string, name: string, problems: string[]): void {
  const { pattern, minLength, maxLength } = schema;
  const { length } = Array.from(value);
  if (typeof minLength === 'number' && length < minLength) problems.push(`${name} is too short`);
  if (typeof maxLength === 'number' && length > maxLength) problems.push(`${name} is too long`);
  if (typeof pattern === 'string' && !new RegExp(pattern, 'u').test(value)) {
    problems.push(`${name} does not match ${pattern}`);
  }
  const choices = schema['enum'];
  if (Array.isArray(choices) && !choices.includes(value)) {
    problems.push(`${name} is none of ${choices.join(', ')}`);
  }
}

/** Follows a `$ref` within the document. */
function resolve(document: unknown, schema: JsonObject): JsonObject {
  const reference = schema['$ref'];
  if (typeof reference !== 'string') return schema;
  return asObject(at(document, ...reference.slice(2).split('/')));
}

function at(value: unknown, ...path: string[]): unknown {
  let part: unknown = value;
  for (const name of path) part = isObject(part) ? part[name] : undefined;
  return part;
}

function asObject(value: unknown): JsonObject {
  if (!isObject(value)) throw new Error('the contract lacks a part that it refers to');
  return value;
}
