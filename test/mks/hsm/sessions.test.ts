/** Sessions of a token that gives as many as it likes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSessions } from '../../../src/mks/hsm/sessions.ts';

for (const most of [1, 2, 9]) {
  test(`a token of ${most}: what is asked waits for one of them, up to four`, async () => {
    let opened = 1;
    const sessions = createSessions(Buffer.from([1]), () => {
      if (opened === most) throw new Error('CKR_SESSION_COUNT');
      return Buffer.from([++opened]);
    });
    const used = new Set<number>();
    let [now, atOnce] = [0, 0];
    const task = async ([session = 0]: Buffer): Promise<void> => {
      used.add(session);
      atOnce = Math.max(atOnce, ++now);
      await new Promise((resolve) => setImmediate(resolve));
      now--;
    };
    await Promise.all(Array.from({ length: 20 }, () => sessions.use(task)));
    const expected = Math.min(most, 4);
    assert.deepEqual([opened, used.size, atOnce], [expected, expected, expected]);
  });
}
