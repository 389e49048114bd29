/** A client that asks on and on for what it was refused is answered one at a time; others do not wait. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { client, keyOf, startEdge } from '../support/edge.ts';
import { until } from '../support/until.ts';

const DAY = { processDate: '20250505' };
/** More than a line at its longest. */
const IN_LINE = 1_100;

/** A desk that takes its time, and counts how much it is asked at once. */
async function setUp(t: TestContext) {
  const edge = await startEdge(t, {
    clients: () => [client('greedy', ['TIB']), client('quiet', ['TIB'])],
    rateLimitPerMinute: 1_000_000,
  });
  const { desk, post } = edge;
  desk.answerWith({ kind: 'queue-full' });
  const answered = desk.request;
  const at = { now: 0, once: 0, workMs: 10 };
  desk.request = async (ask) => {
    at.now += 1;
    at.once = Math.max(at.once, at.now);
    await sleep(at.workMs);
    at.now -= 1;
    return answered(ask);
  };
  const ask = async (name: string) => {
    const headers = { ...keyOf(name), prefer: 'respond-async' };
    const response = await post('/balances', DAY, headers);
    await response.bytes();
    return response.status;
  };
  const crowd = (name: string) => Promise.all(Array.from({ length: 20 }, () => ask(name)));
  return { ...edge, at, ask, crowd };
}

test('what was refused is asked for one at a time; the rest is not held up', async (t) => {
  const { at, ask, crowd, desk, get } = await setUp(t);
  desk.put({ id: 'q' });
  assert.equal(await ask('greedy'), 429);
  const flooding = crowd('greedy');
  let isOver = false;
  void flooding.then(() => (isOver = true));
  for (const name of ['quiet', 'greedy']) {
    assert.equal((await get('/balances/q', keyOf(name))).status, 200);
  }
  assert.ok(!isOver, 'others, and its own other requests, stand in no line');
  assert.deepEqual([...new Set(await flooding)], [429]);
  assert.equal(at.once, 1);
});

test('the first answer that is no refusal ends it', async (t) => {
  const { at, ask, crowd, desk } = await setUp(t);
  assert.equal(await ask('greedy'), 429);
  desk.answerWith({ kind: 'report', report: desk.put({ id: 'q' }) });
  assert.equal(await ask('greedy'), 202);
  assert.deepEqual([...new Set(await crowd('greedy'))], [202]);
  assert.ok(at.once > 1);
});

test('beyond a thousand in line a refusal comes at once and ends the connection', async (t) => {
  const { at, ask, url, post, shutdown } = await setUp(t);
  assert.equal(await ask('greedy'), 429);
  at.workMs = 500;
  const body = JSON.stringify(DAY);
  const head = `POST /balances HTTP/1.1\r\nhost: x\r\nauthorization: Bearer greedy-key`;
  const line = `${head}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  t.after(() => socket.destroy());
  socket.resume();
  socket.write(line.repeat(IN_LINE));
  let refusal: Response | undefined;
  const asked: Promise<Response>[] = [];
  await until(async () => {
    // Some stand in line themselves: while those arrive, and later for each that was let go, ten a second.
    const some = Array.from({ length: 20 }, () => post('/balances', DAY, keyOf('greedy')));
    asked.push(...some);
    refusal = await Promise.race([...some, sleep(200, undefined)]);
    return refusal !== undefined;
  });
  assert.match((await refusal?.text()) ?? '', /on and on/);
  assert.equal(refusal?.status, 429);
  assert.equal(refusal?.headers.get('connection'), 'close');
  assert.equal(refusal?.headers.get('retry-after'), '10');
  assert.equal(await ask('quiet'), 429, 'refused by the desk, as another stands in no line');
  shutdown.abort();
  at.workMs = 0;
  await until(() => at.now === 0);
  for (const answer of await Promise.all(asked)) if (!answer.bodyUsed) await answer.body?.cancel();
  // An open connection would be waited for.
  socket.destroy();
});
