/** How many reports a client follows at a time, over connections that are open together. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import { startEdge } from '../../support/edge.ts';
import { problemOf } from '../../support/pair.ts';
import { until } from '../../support/until.ts';

const STREAMS = 100;

async function setUp(t: TestContext) {
  const clients = ['one', 'other'].map((name) => ({
    name,
    keyDigests: [createHash('sha256').update(`${name}-key`).digest()],
    members: ['TIB'],
    operator: false,
    auditor: false,
    queueLimit: 1_000,
    notices: {},
  }));
  const edge = await startEdge(t, { clients: () => clients, rateLimitPerMinute: 100_000 });
  edge.desk.put({ id: 'q' });
  const headersOf = (name: string) => ({ authorization: `Bearer ${name}-key` });
  const follow = async (name = 'one') => {
    const leaving = new AbortController();
    const response = await fetch(`${edge.url}/balances/q/events`, {
      headers: headersOf(name),
      signal: leaving.signal,
    });
    return { response, leave: () => leaving.abort() };
  };
  const fill = () => Promise.all(Array.from({ length: STREAMS }, () => follow()));
  return { ...edge, follow, fill, headersOf };
}

test('a client follows a hundred reports at a time, and others follow theirs', async (t) => {
  const { follow, fill, get, headersOf } = await setUp(t);
  const streams = await fill();
  assert.deepEqual([...new Set(streams.map(({ response }) => response.status))], [200]);

  const { response } = await follow();
  assert.ok(Number(response.headers.get('retry-after')) > 0);
  const problem = await problemOf(response);
  assert.equal(problem.slug, 'rate-limited');
  assert.match(String(problem['detail']), /follows 100 reports/);
  assert.equal((await get('/balances/q', headersOf('one'))).status, 200, 'a look is no stream');
  const other = await follow('other');
  assert.equal(other.response.status, 200);

  for (const { leave } of [...streams, other]) leave();
});

test('who leaves, a report that ends and a refusal give their places back', async (t) => {
  const { follow, fill, desk, get, headersOf } = await setUp(t);
  const streams = await fill();
  streams[0]?.leave();
  await until(async () => {
    const { response, leave } = await follow();
    leave();
    return response.status === 200;
  });

  desk.change('q', { state: 'failed' });
  for (const { response } of streams.slice(1)) assert.match(await response.text(), /"failed"/);
  desk.put({ id: 'q', version: 9 });
  for (let n = 0; n < STREAMS; n += 1) {
    const { status } = await get('/balances/none/events', headersOf('one'));
    assert.equal(status, 404);
  }
  const again = await fill();
  assert.deepEqual([...new Set(again.map(({ response }) => response.status))], [200]);
  for (const { leave } of again) leave();
});
