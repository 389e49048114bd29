/** A process that cannot keep up says so at once, and stays visible to whoever watches over it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { startEdge } from '../support/edge.ts';

/** Nobody wakes who waits on it. */
const never = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

/** Holds every turn of the event loop for a while, as too much work does, but takes the processor from nobody. */
async function struggle(totalMs: number): Promise<void> {
  const end = performance.now() + totalMs;
  while (performance.now() < end) {
    Atomics.wait(never, 0, 0, 1_300);
    await turn();
  }
}

test('turns requests away while the event loop is late, but not those of health and metrics', async (t) => {
  const { get } = await startEdge(t);
  assert.equal((await get('/service-hours')).status, 200);
  // A sample without any stall, so that the next one alone is late.
  await new Promise((resolve) => setTimeout(resolve, 4_500));
  await struggle(3_900);
  const borne = await get('/service-hours');
  assert.equal(borne.status, 200, 'one stall is borne');
  await struggle(13_000);
  const refused = await get('/service-hours');
  assert.equal(refused.status, 503);
  assert.ok(Number(refused.headers.get('retry-after')) >= 1);
  const problem = (await refused.json()) as { type: string };
  assert.equal(problem.type, '/problems/overloaded');
  for (const path of ['/health/live', '/health/ready', '/metrics']) {
    const response = await get(path);
    assert.equal(response.status, 200, path);
    await response.bytes();
  }
  const deadline = performance.now() + 20_000;
  let status = 503;
  while (status === 503 && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    status = (await get('/service-hours')).status;
  }
  assert.equal(status, 200, 'it recovers by itself');
});
