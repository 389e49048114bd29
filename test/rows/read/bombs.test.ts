/** Archives made to exhaust whoever opens them: each is refused quickly and in little memory. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bombs, meet } from '../../support/bombs.ts';

const SIZE = 128 * 1024 ** 2;

for (const [name, bomb] of Object.entries(bombs(SIZE))) {
  test(name, async () => {
    const { reason, cpuSeconds, grownMiB } = await meet(await bomb.make(), bomb.fileMaxBytes);
    assert.equal(reason, bomb.reason);
    assert.ok(cpuSeconds < 2, `took ${cpuSeconds.toFixed(1)} s of CPU`);
    assert.ok(grownMiB < 128, `took ${grownMiB.toFixed(0)} MiB`);
  });
}
