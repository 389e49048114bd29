/** A standing order's run by hand: only for a day that has begun. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryOrders, startEdge } from '../../support/edge.ts';

test('a day that does not exist or has not begun is not run', async (t) => {
  const ran: string[] = [];
  const orders = {
    ...memoryOrders,
    run: async (_name: unknown, processDate: string) => void ran.push(processDate),
  };
  const { post } = await startEdge(t, { orders });
  const run = (processDate: string) => post('/standing-orders/nightly/run', { processDate });
  for (const [processDate, words] of [
    ['20250230', /a day that exists/],
    ['20250507', /is in the future: in Istanbul it is 20250506/],
  ] as const) {
    const refused = await run(processDate);
    assert.equal(refused.status, 400, processDate);
    const { errors } = (await refused.json()) as {
      errors: { path: string; message: string }[];
    };
    assert.equal(errors[0]?.path, '/processDate');
    assert.match(errors[0]?.message ?? '', words);
  }
  assert.deepEqual(ran, []);
  assert.equal((await run('20250506')).status, 202);
  assert.deepEqual(ran, ['20250506']);
});
