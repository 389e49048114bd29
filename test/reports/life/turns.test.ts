/** Turns: each report of a member is worked on once, one at MKS at a time, by any replica. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Hours } from '../../../src/mks/hours.ts';
import { createTurns } from '../../../src/reports/life/turns.ts';
import { createRedis, ready } from '../../../src/state/connection.ts';
import { granted } from '../../support/upstream.ts';
import { until } from '../../support/until.ts';
import { setUpLife, signed, type Life } from './support.ts';

async function setUpTurns(t: TestContext) {
  const life = await setUpLife(t);
  let isOpen = true;
  let members: readonly string[] = ['TIB'];
  const hours: Hours = {
    isOpen: () => isOpen,
    opensAt: () => undefined,
    closesAt: () => undefined,
  };
  async function replica() {
    const [commands, blocking] = [
      createRedis(life.url, 'commands'),
      createRedis(life.url, 'blocking'),
    ];
    await Promise.all([ready(commands), ready(blocking)]);
    const turns = createTurns({
      run: life.deps,
      connections: { commands, blocking },
      keys: life.keys,
      hours,
      members: () => members,
      spool: life.spool,
    });
    t.after(async () => {
      await turns.close(1_000);
      commands.disconnect();
      blocking.disconnect();
    });
    return turns;
  }
  return {
    life,
    replica,
    close: () => void (isOpen = false),
    open: () => void (isOpen = true),
    serve: (codes: readonly string[]) => void (members = codes),
  };
}

const stateOf = async ({ deps }: Life, id: string) => (await deps.store.get(id))?.state;

/** Every message is refused, after a while in which another could slip in. */
function refuseSlowly({ upstream }: Life): { most(): number } {
  let [now, most] = [0, 0];
  upstream.onCall = async (received) => {
    now += 1;
    most = Math.max(most, now);
    await new Promise((resolve) => setTimeout(resolve, 30));
    now -= 1;
    return signed('RP039')(received);
  };
  return { most: () => most };
}

test('two replicas work off a queue, each report once and one at MKS at a time', async (t) => {
  const { life, replica } = await setUpTurns(t);
  const seen = refuseSlowly(life);
  const [one, other] = [await replica(), await replica()];
  const ids: string[] = [];
  for (let n = 0; n < 8; n += 1) {
    ids.push((await life.admit()).id);
    await Promise.all([one.offerSlot('TIB'), other.offerSlot('TIB')]);
  }
  await until(async () => {
    const states = await Promise.all(ids.map((id) => stateOf(life, id)));
    return states.every((state) => state === 'failed');
  });
  assert.equal(life.upstream.calls.length, 8);
  assert.equal(seen.most(), 1);
});

test('while MKS is closed nothing is granted, and what is granted goes on', async (t) => {
  const { life, replica, close, open } = await setUpTurns(t);
  refuseSlowly(life);
  close();
  const turns = await replica();
  const { id } = await life.admit();
  await turns.offerSlot('TIB');
  assert.equal((await life.deps.store.queue('TIB')).slot, undefined);
  open();
  await turns.offerSlot('TIB');
  close();
  await until(async () => (await stateOf(life, id)) === 'failed');
});

test('what is left of a member that was taken out is not worked on', async (t) => {
  const { life, replica, serve } = await setUpTurns(t);
  refuseSlowly(life);
  serve([]);
  const turns = await replica();
  const { id } = await life.admit();
  await turns.offerSlot('TIB');
  await turns.resume({ member: 'TIB', id });
  await until(async () => (await life.jobsLeft()) === 0);
  assert.equal(await stateOf(life, id), 'queued');
  assert.equal(life.upstream.received.length, 0);
  serve(['TIB']);
  await turns.resume({ member: 'TIB', id });
  await until(async () => (await stateOf(life, id)) === 'failed');
});

test('a closing replica lets go, and another takes the report up', async (t) => {
  const { life, replica } = await setUpTurns(t);
  const one = await replica();
  const { id } = await life.admit();
  let logins = 0;
  // The first login hangs: the run is under way and has sent nothing.
  life.upstream.onAuth = () => ((logins += 1) === 1 ? () => undefined : granted());
  life.upstream.onCall = signed('RP039');
  await one.offerSlot('TIB');
  await until(() => logins === 1);
  const began = performance.now();
  await one.close(3_000);
  assert.ok(performance.now() - began < 3_500);
  assert.equal(await stateOf(life, id), 'queued');
  const other = await replica();
  await other.offerSlot('TIB');
  await until(async () => (await stateOf(life, id)) === 'failed', 15_000);
});
