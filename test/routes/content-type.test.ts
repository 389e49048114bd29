/** Whatever is said of a body's type, no body reaches a handler that was not validated. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startEdge } from '../support/edge.ts';
import { rawExchange } from '../support/raw.ts';

/** GHSA-247c-9743-5963 and its kin: the parser's view of a type and the validator's may differ. */
const VARIANTS = [
  'application/json',
  'application/json;',
  'application/json ;charset=utf-8',
  'application/json\t;charset=utf-8',
  'application/json\t',
  'application/json ',
  '\tapplication/json',
  '  application/json',
  'Application/JSON',
  'APPLICATION/json;charset="utf-8"',
  'application/json;charset=utf-16',
  'application/json; boundary=x',
  'application/json; charset=utf-8; charset=utf-7',
  'application/json,text/plain',
  'application/json, application/json',
  'text/plain, application/json',
  'application/jsonx',
  'application/json+x',
  'application/vnd.api+json',
  'application/json/',
  'application/ json',
  'application /json',
  'application\\/json',
  '"application/json"',
  'application/json\u00a0',
  'text/plain',
  'text/plain;application/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/octet-stream',
  '*/*',
  'json',
  ';',
  '',
];

const INVALID = '{"processDate":"20250505","isin":"not an isin","evil":true}';
const VALID = '{"processDate":"20250505"}';

function post(path: string, types: readonly string[], body: string): string {
  const headers = types.map((type) => `Content-Type: ${type}\r\n`).join('');
  return (
    `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nPrefer: respond-async\r\n${headers}` +
    `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  );
}

const lists = [...VARIANTS.map((variant) => [variant]), [], ['application/json', 'text/plain']];

test(`an invalid body reaches no handler under ${lists.length} content types`, async (t) => {
  const { url, desk, calls } = await startEdge(t);
  const accepted: string[] = [];
  for (const types of lists) {
    const label = JSON.stringify(types);
    const invalid = await rawExchange(url, [post('/balances', types, INVALID)]);
    assert.ok([400, 415].includes(invalid.status), `${label}: ${invalid.status}`);
    const status = '/mks/v1/reports/async-report-status';
    const passed = await rawExchange(url, [post(status, types, '{"refId":7,"x":1}')]);
    assert.ok([400, 415].includes(passed.status), `${label}: ${passed.status}`);
    assert.equal(desk.asks.length, accepted.length, label);
    assert.equal(calls.length, 0, label);
    // Where the type is taken for JSON at all, the invalid body was refused by its schema.
    const valid = await rawExchange(url, [post('/balances', types, VALID)]);
    assert.ok([202, 400, 415].includes(valid.status), `${label}: ${valid.status}`);
    assert.equal(invalid.status, valid.status === 202 ? 400 : valid.status, label);
    if (valid.status === 202) accepted.push(label);
  }
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
