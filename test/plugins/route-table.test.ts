import assert from 'node:assert/strict';
import { test } from 'node:test';
import fastify from 'fastify';
import { createRouteTable } from '../../src/plugins/route-table.ts';

test('a path’s methods are those of the route that fits it best', async () => {
  const app = fastify();
  const table = createRouteTable(app);
  app.get('/balances', async () => '');
  app.post('/balances', async () => '');
  app.get('/balances/:id', async () => '');
  app.delete('/balances/:id', async () => '');
  app.get('/balances/changes', async () => '');
  app.get('/docs/*', async () => '');
  await app.ready();

  assert.deepEqual(table.methodsOf('/balances'), ['GET', 'HEAD', 'POST']);
  assert.deepEqual(table.methodsOf('/balances/a'), ['DELETE', 'GET', 'HEAD']);
  assert.deepEqual(table.methodsOf('/balances/changes'), ['GET', 'HEAD']);
  assert.deepEqual(table.methodsOf('/docs/a/b.js'), ['GET', 'HEAD']);
  assert.deepEqual(table.methodsOf('/balances/a/b'), []);
  assert.deepEqual(table.methodsOf('/balancesX'), []);
  await app.close();
});
