/** Whatever is said of a body's type, no body reaches a handler that was not validated. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { post, tryTypes, VARIANTS } from '../support/content-types.ts';
import { startEdge } from '../support/edge.ts';
import { rawExchange } from '../support/raw.ts';

const lists = [...VARIANTS.map((variant) => [variant]), [], ['application/json', 'text/plain']];

test(`an invalid body reaches no handler under ${lists.length} content types`, async (t) => {
  const { wrong, accepted } = await tryTypes(t, lists);
  assert.deepEqual(wrong, []);
  assert.ok(accepted.includes('["application/json"]'));
  assert.ok(!accepted.includes('["text/plain"]'));
  t.diagnostic(`taken for JSON: ${accepted.join(' ')}`);
});

test('poisoned, doubled and misplaced names reach no handler', async (t) => {
  const { url, get, desk } = await startEdge(t);
  const bodies = [
    '{"processDate":"20250505","__proto__":{"isin":"TRAGARAN91N1"}}',
    '{"processDate":"20250505","\\u005f_proto__":{"refresh":true}}',
    '{"processDate":"20250505","constructor":{"prototype":{"refresh":true}}}',
    '{"processDate":"20250505","prototype":1}',
    '{"processDate":"20250505","processDate":"20250504"}',
    '{"processDate":"20250505","process\\u0044ate":"20250504"}',
    '{"processDate":"20250505","refresh":false,"refresh":true}',
    '{"processDate":"20250505","member":"AKY","member":"TIB"}',
    '[{"processDate":"20250505"}]',
    '"{}"',
    'null',
    '',
    '{"processDate":"20250505"}{"processDate":"20250505"}',
    '{"processDate":["20250505"]}',
    '{"processDate":20250505}',
    '{"processDate":"20250505","isin":null}',
    '{"processDate":"20250505","toString":"x"}',
    '{"processDate":"20250505","hasOwnProperty":true}',
  ];
  for (const body of bodies) {
    const { status } = await rawExchange(url, [post('/balances', ['application/json'], body)]);
    assert.equal(status, 400, body);
  }
  for (const query of ['__proto__=1', '__proto__[x]=1', 'constructor=1', 'limit=1&limit=2']) {
    assert.equal((await get(`/balances?${query}`)).status, 400, query);
  }
  assert.equal(desk.asks.length, 0);
  assert.equal(({} as { isin?: string }).isin, undefined);
});
