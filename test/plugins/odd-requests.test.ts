/** Odd methods and odd names: each is refused as a caller's mistake, and none is our failure. */
import assert from 'node:assert/strict';
import { METHODS } from 'node:http';
import { test } from 'node:test';
import { startEdge, type Edge } from '../support/edge.ts';
import { rawExchange } from '../support/raw.ts';

async function send({ url }: Edge, requestLine: string, headers = ''): Promise<[number, string]> {
  const head = `${requestLine} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${headers}\r\n`;
  const answer = await rawExchange(url, [head]);
  return [answer.status, answer.head];
}

const alarms = ({ logLines }: Edge): string[] =>
  logLines.filter((line) => /"level":[56]0/.test(line));

test('answers 405 to every method that a path does not know, and 404 where there is no path', async (t) => {
  const edge = await startEdge(t);
  const others = METHODS.filter((method) => !['GET', 'HEAD'].includes(method));
  others.push('FOO', 'get', 'M-SEARCH2');
  assert.ok(others.includes('QUERY'));
  for (const method of others) {
    for (const path of ['/service-hours', '/docs/', '/docs/json', '/docs/static/swagger-ui.css']) {
      const [status, head] = await send(edge, `${method} ${path}`);
      assert.equal(status, 405, `${method} ${path}`);
      assert.match(head, /^allow: GET, HEAD\r?$/im, `${method} ${path}`);
    }
    // Its target is no path of ours: there is nothing that could be found.
    if (method === 'CONNECT') continue;
    const [nowhere] = await send(edge, `${method} /nobodys`);
    assert.equal(nowhere, 404, method);
  }
  assert.deepEqual(alarms(edge), []);
});

test('refuses a method before it looks at the body, whatever that is', async (t) => {
  const edge = await startEdge(t);
  for (const type of ['application/json', 'text/plain', 'not a type']) {
    const headers = `Content-Type: ${type}\r\nContent-Length: 0\r\n`;
    assert.equal((await send(edge, 'QUERY /service-hours', headers))[0], 405, type);
  }
});

test('a name that the file server forbids or has not is 404', async (t) => {
  const edge = await startEdge(t);
  const names = ['nope.js', '.hidden', '%00', 'a%00b', '%2e%2e/x', '..%2f..%2fpackage.json', './x'];
  names.push('/etc/passwd', '%5c..%5c', 'swagger-ui.css/', '*', 'a'.repeat(300), 'a'.repeat(5_000));
  for (const name of names) {
    assert.equal((await send(edge, `GET /docs/static/${name}`))[0], 404, name);
  }
  for (const name of ['%', '%zz', '%ff']) {
    assert.equal((await send(edge, `GET /docs/static/${name}`))[0], 400, name);
  }
  assert.deepEqual(alarms(edge), []);
});

test('parts and preconditions of the page are passed over', async (t) => {
  const edge = await startEdge(t);
  const odd = ['Range: bytes=99999999-', 'Range: bytes=a', 'If-Match: x'];
  odd.push('If-Unmodified-Since: Mon, 01 Jan 1990 00:00:00 GMT');
  for (const header of odd) {
    const [status] = await send(edge, 'GET /docs/static/swagger-ui.css', `${header}\r\n`);
    assert.equal(status, 200, header);
  }
  assert.deepEqual(alarms(edge), []);
});

test('an unknown method and CONNECT get a problem as their answer', async (t) => {
  const edge = await startEdge(t);
  for (const line of ['FOO /balances', 'CONNECT example.com:443', 'CONNECT /balances']) {
    const head = `${line} HTTP/1.1\r\nHost: x\r\n\r\n`;
    const answer = await rawExchange(edge.url, [head]);
    assert.equal(answer.status, 405, line);
    assert.match(answer.head, /^content-type: application\/problem\+json\r?$/im, line);
    assert.match(answer.head, /^allow: .*GET, HEAD, POST/im, line);
    const problem = JSON.parse(answer.body) as { type: string; status: number };
    assert.deepEqual([problem.type, problem.status], ['/problems/method-not-allowed', 405], line);
  }
  const broken = await rawExchange(edge.url, ['F OO /balances HTTP/1.1\r\nHost: x\r\n\r\n']);
  assert.equal(broken.status, 400);
  assert.deepEqual(alarms(edge), []);
});
