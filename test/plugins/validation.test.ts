/** Validators are made for the first request or behind the start, and are the same either way. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ValidateFunction } from 'ajv';
import fastify from 'fastify';
import { createValidators } from '../../src/plugins/validation.ts';

const never = (): boolean => false;

function appWith(schema: object) {
  const validators = createValidators();
  const app = fastify({
    schemaController: { compilersFactory: { buildValidator: validators.build } },
  });
  app.post('/:id', { schema }, ({ query, body }) => ({ query, body }));
  return { app, validators };
}

const counted = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] };
const parts = { querystring: counted, body: counted };

for (const isBehind of [false, true]) {
  test(`each part by its own rules, compiled ${isBehind ? 'behind the start' : 'when asked'}`, async (t) => {
    const { app, validators } = appWith(parts);
    t.after(() => app.close());
    await app.ready();
    if (isBehind) await validators.compileRest(never);
    const post = (url: string, payload: object) => app.inject({ method: 'POST', url, payload });
    const good = await post('/x?n=10', { n: 1 });
    assert.deepEqual(good.json(), { query: { n: 10 }, body: { n: 1 } }, 'of a query text is read');
    const bad = await post('/x?n=10', { n: '1' });
    assert.equal(bad.statusCode, 400, 'of a body it is not');
    assert.match(bad.json<{ message: string }>().message, /n must be integer/);
    const worse = await post('/x', { n: 1 });
    assert.match(worse.json<{ message: string }>().message, /required property 'n'/);
  });
}

test('a schema that cannot be compiled does not hold up the start, and is told behind it', async (t) => {
  const { app, validators } = appWith({ body: { type: 'nonsense' } });
  t.after(() => app.close());
  await app.ready();
  await assert.rejects(validators.compileRest(never), /nonsense/);
});

test('who closes meanwhile waits for no schema', async (t) => {
  const { app, validators } = appWith({ body: { type: 'nonsense' } });
  t.after(() => app.close());
  await app.ready();
  await validators.compileRest(() => true);
});

test('routes of the same schemas share an instance of ajv, which has a copy of all of them', () => {
  const { build } = createValidators();
  const shared = { Text: { $id: 'Text', type: 'string' } };
  // Of a schema with an id an instance has one validator.
  const validator = (schemas: object) => build({ ...schemas }, {})({ schema: shared.Text });
  const { schemaEnv } = validator(shared) as ValidateFunction;
  assert.equal((validator(shared) as ValidateFunction).schemaEnv, schemaEnv);
  const other = validator({ ...shared, Whole: { $id: 'Whole', type: 'integer' } });
  assert.notEqual((other as ValidateFunction).schemaEnv, schemaEnv);
});
