/** Letting go: whole days, written down first, and no proof is broken by it. */
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { systemClock } from '../../src/lib/clock.ts';
import { until } from '../support/until.ts';
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

const OLD = '20261101-20261101120000000-0a0a0a0a-000001.ndjson';

test('what another replica has let go of first is no fault, and is not written down twice', async (t) => {
  const folder = await writeDays(t);
  // As one that was listed, and is gone when it is opened.
  symlinkSync('gone', join(folder, OLD));
  const cuts = await startOn(t, folder, 5, 3);
  assert.equal(cuts.length, 2);
  assert.ok(cuts.every(({ file }) => file !== OLD));
});

test('what cannot be let go of is tried again an hour later, and told each time', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const now = START + 30 * DAY_MS;
  const trail = await startTrail(t, {
    clock: { ...systemClock, now: () => now },
    retentionDays: 3,
  });
  await trail.record(READ);
  mkdirSync(join(trail.folder, OLD));
  const told = () => trail.logLines.filter((line) => line.includes('stay for another hour'));
  for (let hour = 1; hour <= 2; hour += 1) {
    t.mock.timers.tick(60 * 60_000);
    await until(() => told().length === hour);
  }
  assert.match(told()[0] ?? '', /EISDIR/);
  await trail.record(READ);
});
