/** The OpenAPI document: written as it is, every route in it, the same problems as the catalogue. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { openapiText } from '../scripts/openapi/document.ts';
import { catalogue } from '../src/mks/services/catalogue.ts';
import { PROBLEM_SLUGS, problemStatus } from '../src/problems.ts';
import { startEdge } from './support/edge.ts';

interface Media {
  schema?: { $ref?: string; type?: string };
  example?: unknown;
  examples?: Record<string, { value?: { type?: string; status?: number } }>;
}
interface Answer {
  description: string;
  headers?: Record<string, unknown>;
  content?: Record<string, Media>;
}
interface Parameter {
  in: string;
  name: string;
  required?: boolean;
  example?: unknown;
  schema: { example?: unknown; examples?: unknown };
}
interface Endpoint {
  operationId: string;
  summary: string;
  description: string;
  tags: string[];
  security?: object[];
  parameters?: Parameter[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, Answer>;
}
interface Document {
  openapi: string;
  info: { version: string };
  paths: Record<string, Record<string, Endpoint>>;
  components: {
    schemas: Record<string, { properties?: Record<string, { enum?: string[]; format?: string }> }>;
  };
}

const text = await openapiText();
const document = JSON.parse(text) as Document;
const endpoints = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, endpoint]) => ({ name: `${method} ${path}`, endpoint })),
);

test('the file in the repository is what the sources say', async () => {
  const written = await readFile(new URL('../openapi/gateway.json', import.meta.url), 'utf8');
  assert.ok(written === text, 'run scripts/openapi.ts');
  assert.equal(document.openapi, '3.1.0');
});

test('documents every service and the endpoints of the gateway', () => {
  const names = endpoints.map(({ name }) => name.replace(/^head .*/, ''));
  const expected = [
    'post /balances',
    'get /balances',
    'get /balances/changes',
    'post /balances/check',
    'get /balances/checks',
    'get /balances/checks/{id}',
    'get /balances/{id}',
    'delete /balances/{id}',
    'get /balances/{id}/rows',
    'get /balances/{id}/file',
    'get /balances/{id}/events',
    ...catalogue.map((service) => `post /mks/v1/${service.name}`),
    'get /standing-orders',
    'get /standing-orders/{name}',
    'post /standing-orders/{name}/run',
    'get /exchanges',
    'get /trail',
    'get /service-hours',
    'get /result-codes',
    'get /health/live',
    'get /health/ready',
    'get /health/upstream',
    'get /metrics',
    'get /members',
    'post /members/{member}/pause',
    'post /members/{member}/resume',
    'get /openapi.json',
    'get /problems/{slug}',
  ];
  assert.deepEqual(names.filter((name) => name !== '').toSorted(), expected.toSorted());
});

test('every operation has an id of its own, words and examples', () => {
  const ids = endpoints.map(({ endpoint }) => endpoint.operationId);
  assert.equal(new Set(ids).size, ids.length);
  for (const { name, endpoint } of endpoints) {
    assert.ok(endpoint.summary !== '' && endpoint.description !== '', name);
    assert.equal(endpoint.tags.length, 1, name);
    const media = [endpoint.requestBody, ...Object.values(endpoint.responses)].flatMap((part) =>
      Object.entries(part?.content ?? {}),
    );
    for (const [type, { example, examples }] of media) {
      assert.ok(example !== undefined || examples !== undefined, `${name} ${type}`);
    }
  }
});

test('the catalogue, the document and the pages name the same problems', async (t) => {
  const shown = new Map<string, Set<string>>();
  for (const { name, endpoint } of endpoints) {
    for (const [status, { content }] of Object.entries(endpoint.responses)) {
      for (const { value } of Object.values(
        content?.['application/problem+json']?.examples ?? {},
      )) {
        assert.equal(value?.status, Number(status), name);
        const slug = String(value?.type).replace('/problems/', '');
        shown.set(slug, (shown.get(slug) ?? new Set()).add(status));
      }
    }
  }
  assert.deepEqual([...shown.keys()].toSorted(), [...PROBLEM_SLUGS].toSorted());
  for (const slug of PROBLEM_SLUGS) {
    assert.deepEqual([...(shown.get(slug) ?? [])], [String(problemStatus(slug))]);
  }
  const types = document.components.schemas['Problem']?.properties?.['type']?.enum ?? [];
  assert.deepEqual(
    types,
    PROBLEM_SLUGS.map((slug) => `/problems/${slug}`),
  );
  const { get } = await startEdge(t);
  for (const type of types) assert.equal((await get(type)).status, 200, type);
});

test('names its components and refers to none that is missing', () => {
  const names = Object.keys(document.components.schemas);
  for (const name of names) assert.match(name, /^[A-Z][A-Za-z]+$/);
  for (const [, name = ''] of text.matchAll(/#\/components\/schemas\/([^"]+)"/g)) {
    assert.ok(names.includes(name), name);
  }
});

test('asks for a key, if at all, on everything but the public addresses', () => {
  for (const { name, endpoint } of endpoints) {
    const isPublic = /\/(health|metrics|openapi|problems)/.test(name);
    assert.deepEqual(endpoint.security, isPublic ? [] : undefined, name);
  }
});

test('bears the version of the package', async () => {
  const manifest = await readFile(new URL('../package.json', import.meta.url), 'utf8');
  assert.equal(document.info.version, (JSON.parse(manifest) as { version: string }).version);
});

test('asks for no parameter in a query but what to compare, and fills in nothing that is used once', () => {
  const parameters = endpoints.flatMap(({ name, endpoint }) =>
    (endpoint.parameters ?? []).map((parameter) => ({ operation: name, ...parameter })),
  );
  const queries = parameters.filter((parameter) => parameter.in === 'query');
  assert.ok(queries.some(({ name }) => name === 'limit'));
  const asked = queries.filter(({ required }) => required === true);
  assert.deepEqual(
    asked.map(({ operation, name }) => `${operation} ${name}`),
    [
      'get /balances/changes from',
      'get /balances/changes to',
      'post /balances/check processDate',
      'post /balances/check ledger',
    ],
  );
  const keys = parameters.filter(({ name }) => name === 'Idempotency-Key');
  assert.equal(keys.length, 1);
  for (const { example, schema } of keys) {
    assert.deepEqual([example, schema.examples, schema.example], [undefined, undefined, undefined]);
  }
});

test('tells times and ids by their formats', () => {
  const found: Record<string, string | undefined> = {};
  JSON.parse(text, (name, value: { type?: string; format?: string } | null) => {
    if (value?.type !== 'string') return value;
    if (/(?:At|^time|^now|Time|Since|Until|^since|notAfter|validFrom)$/.test(name)) {
      found[name] = value.format;
    }
    return value;
  });
  assert.ok(Object.keys(found).length > 12, Object.keys(found).join(' '));
  for (const [name, format] of Object.entries(found)) assert.equal(format, 'date-time', name);
  const { Report, BalanceRows } = document.components.schemas;
  assert.equal(Report?.properties?.['id']?.format, 'uuid');
  assert.equal(BalanceRows?.properties?.['id']?.format, 'uuid');
});

test('documents the headers of the answers', () => {
  for (const { name, endpoint } of endpoints) {
    for (const [status, { headers = {} }] of Object.entries(endpoint.responses)) {
      assert.ok('X-Request-Id' in headers, `${name} ${status}`);
      const mayWait = ['202', '409', '429', '502'].includes(status);
      assert.ok(!mayWait || 'Retry-After' in headers, `${name} ${status}`);
    }
  }
});

test('each example of a request is taken as it stands', async (t) => {
  // As in the demo, with several members: each must be named.
  const members = () => ['TIB', 'AKY'];
  const { post } = await startEdge(t, { balancesWaitMs: 0, members });
  let tried = 0;
  for (const [path, { post: endpoint }] of Object.entries(document.paths)) {
    const examples = endpoint?.requestBody?.content['application/json']?.examples ?? {};
    for (const [name, { value }] of Object.entries(examples)) {
      const isCall = path.startsWith('/mks/');
      const place = path.replace('{name}', 'nightly');
      const response = await post(isCall ? `${place}?member=TIB` : place, value);
      assert.ok(response.ok, `${path} ${name}: ${await response.text()}`);
      tried += 1;
    }
  }
  assert.ok(tried >= catalogue.length + 2);
});
