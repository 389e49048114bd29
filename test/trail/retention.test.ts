/** Letting go: whole days, written down first, and no proof is broken by it. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { basename } from 'node:path';
import { test, type TestContext } from 'node:test';
import { systemClock } from '../../src/lib/clock.ts';
import { runCommand } from '../scripts/run.ts';
import { filesOf, linesOf, READ, startTrail } from './support.ts';

const START = Date.UTC(2026, 10, 25, 9);
const DAY_MS = 86_400_000;

/** A chain of four days, one segment each, which then has ended. */
async function writeDays(t: TestContext): Promise<string> {
  let now = START;
  const trail = await startTrail(t, { clock: { ...systemClock, now: () => now } });
  for (let day = 0; day < 4; day += 1) {
    now = START + day * DAY_MS;
    await trail.record({ ...READ, rows: day });
  }
  await trail.close(1_000);
  return trail.folder;
}

/** Starts a gateway's trail so many days after the first, and gives its lines about cuts. */
async function startOn(t: TestContext, folder: string, day: number, retentionDays: number) {
  const clock = { ...systemClock, now: () => START + day * DAY_MS };
  const trail = await startTrail(t, { folder, clock, retentionDays });
  await trail.close(1_000);
  return linesOf(filesOf(folder).at(-1) ?? '').filter(({ action }) => action === 'trail.cut');
}

const verify = (...paths: string[]) => runCommand('trail', ['verify', ...paths]);

test('what is older goes, segment by segment, and each is written down', async (t) => {
  const folder = await writeDays(t);
  const before = filesOf(folder);
  const cuts = await startOn(t, folder, 5, 3);
  assert.deepEqual(
    cuts.map(({ file }) => file),
    before.slice(0, 2).map((file) => basename(file)),
  );
  assert.deepEqual(
    filesOf(folder)
      .slice(0, 2)
      .map((file) => basename(file)),
    before.slice(2).map((file) => basename(file)),
  );
  assert.deepEqual(
    cuts.map(({ first, last }) => [first, last]),
    [
      [1, 3],
      [4, 5],
    ],
  );
  const { code, output } = verify(folder);
  assert.equal(code, 0, output);
  // The last day is the last that is kept.
  assert.equal((await startOn(t, folder, 6, 3)).length, 1);
  assert.equal((await startOn(t, folder, 7, 3)).length, 1);
  assert.equal(verify(folder).code, 0);
});

test('without the line that says so it is tampering', async (t) => {
  const folder = await writeDays(t);
  const [first = ''] = filesOf(folder);
  rmSync(first);
  const { code, output } = verify(folder);
  assert.equal(code, 1);
  assert.match(output, /line 1–3 was removed|1–3/);
});

test('0 keeps all for ever', async (t) => {
  const folder = await writeDays(t);
  assert.deepEqual(await startOn(t, folder, 30_000, 0), []);
  assert.equal(filesOf(folder).length, 5);
});
