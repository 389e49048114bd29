/**
 * The desk in a model of its world: callers, deaths, freezes, lost commands, closing times and standing orders from a seed,
 * on a simulated clock, with the real scripts on a real Redis; what happened is judged afterwards (checks.ts). `SEED=n`
 * brings the schedules of a run back, `TRACE=1 npx node test/model/run.ts SEED` shows one. `npm run proof -- 18` plays
 * ten thousand, and looks for every mutant of mutants.ts.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { mutants } from './mutants.ts';
import { playSeeds } from './runs.ts';

const SCHEDULES = 200;
const ROOT = join(import.meta.dirname, '../..');
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000_000);

test(`what is promised holds in ${SCHEDULES} schedules from SEED=${seed} on`, async () => {
  const { played, failing, counts } = await playSeeds(seed, SCHEDULES);
  assert.equal(played, SCHEDULES);
  // Where nothing becomes of anything, everything holds.
  const { ready = 0, failed = 0, 'killed-after': killed = 0 } = counts;
  assert.ok(ready > SCHEDULES * 2 && ready > failed * 2 && killed > 20, JSON.stringify(counts));
  assert.deepEqual(failing, [], `SEED=${seed}`);
});

test('a schedule happens in the same way again, in another process too', async () => {
  const [one, other] = [await playSeeds(seed, 5), await playSeeds(seed, 5)];
  assert.equal(one.digest, other.digest, `SEED=${seed}`);
});

// A script and a step; the proof looks for all of them.
for (const mutant of ['slot-given-twice', 'slot-free-too-early', 'taken-back-from-mks']) {
  test(`the mutant ${mutant} is found, by a schedule that fails again`, async () => {
    const { failing } = await playSeeds(1, 500, { mutant, stop: true });
    const [found] = failing;
    assert.ok(found !== undefined);
    const again = await playSeeds(found.seed, 1, { mutant, times: 3 });
    assert.deepEqual(again.failing, [found, found, found]);
  });
}

test('each mutant changes what is there', () => {
  const names = new Set(mutants.map(({ name }) => name));
  assert.equal(names.size, mutants.length);
  const scripts = readdirSync(join(ROOT, 'src/state/scripts'), {
    recursive: true,
    encoding: 'utf8',
  })
    .filter((name) => name.endsWith('.lua'))
    .map((name) => readFileSync(join(ROOT, 'src/state/scripts', name), 'utf8'))
    .join('\n');
  for (const { name, lua, file, from, to } of mutants) {
    const text = lua === true ? scripts : readFileSync(join(ROOT, file), 'utf8');
    assert.equal(text.split(from).length, 2, `${name}: there once`);
    assert.notEqual(from, to);
  }
});
