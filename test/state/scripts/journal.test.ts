/** The journal's script: bounded whatever is written, and each entry found by its references. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import * as fc from 'fast-check';
import { runScript } from '../../../src/state/script.ts';
import { writeJournal, type WrittenEntry } from '../../../src/state/scripts/journal.ts';
import { anySign } from '../../support/any-sign.ts';
import { startState } from '../../support/state.ts';

const openState = await startState();

const ENTRY_BYTES = 10;
const BOUNDS = {
  now: 1_000,
  keptMs: 1_000_000,
  maxEntries: 100,
  maxBytes: 1_000_000,
  entryBytes: ENTRY_BYTES,
  maxRemoved: 100,
  idsOfReference: 2,
};

async function setUp(t: TestContext) {
  const { redis, prefix } = await openState(t);
  let journal = 0;
  /** A member's journal, with nothing in it. */
  function fresh() {
    const names = ['index', 'entries', 'references', 'bytes'].map(
      (name) => `${prefix}${journal}:${name}`,
    );
    journal += 1;
    const [index = '', entries = '', references = '', bytes = ''] = names;
    const write = (written: readonly WrittenEntry[], change: Partial<typeof BOUNDS> = {}) =>
      runScript(redis, writeJournal, names, { ...BOUNDS, ...change, entries: written });
    return { write, index, entries, references, bytes, names };
  }
  return { redis, fresh };
}

const entry = (id: string, reference: string, time = 1, text = 'x'): WrittenEntry => ({
  id,
  time,
  reference,
  text,
});

test('an entry rests with its first time and its count; a repeat changes neither by itself', async (t) => {
  const { redis, fresh } = await setUp(t);
  const { write, index, entries, references } = fresh();
  await write([entry('i', 'GW1', 5, 'one two')]);
  assert.equal(await redis.hget(entries, 'i'), 'GW1 1 5 one two');
  await write([entry('i', 'GW1', 9, 'again')]);
  assert.equal(await redis.hget(entries, 'i'), 'GW1 1 5 one two', 'written before: a lost answer');
  await write([entry('i', 'GW2', 9, 'asked again')]);
  assert.equal(await redis.hget(entries, 'i'), 'GW2 2 5 asked again');
  assert.deepEqual(await redis.zrange(index, 0, -1, 'WITHSCORES'), ['i', '5']);
  assert.deepEqual(await redis.hgetall(references), { GW2: 'i' });
});

test('a reference finds its newest sendings', async (t) => {
  const { redis, fresh } = await setUp(t);
  const { write, references } = fresh();
  await write([entry('a', 'GW1'), entry('b', 'GW1'), entry('c', 'GW1'), entry('d', 'GW2')]);
  assert.deepEqual(await redis.hgetall(references), { GW1: 'b c', GW2: 'd' });
});

test('what is over any of its bounds goes, the oldest first, some at a time', async (t) => {
  const { redis, fresh } = await setUp(t);
  const four = ['a', 'b', 'c', 'd'].map((id, n) => entry(id, `GW${n}`, n + 1));
  const size = ENTRY_BYTES + 'GW0 1 1 x'.length;
  const bounds: [Partial<typeof BOUNDS>, gone: number][] = [
    [{ maxEntries: 3 }, 1],
    [{ maxEntries: 0 }, 4],
    [{ maxBytes: 2 * size }, 2],
    [{ maxBytes: 2 * size - 1 }, 3],
    [{ now: 1_002, keptMs: 1_000 }, 1],
    [{ now: 1_003, keptMs: 1_000 }, 2],
    [{ maxEntries: 0, maxRemoved: 2 }, 2],
  ];
  for (const [bound, gone] of bounds) {
    const { write, index } = fresh();
    assert.equal(await write(four, bound), gone, JSON.stringify(bound));
    assert.deepEqual(
      await redis.zrange(index, 0, -1),
      ['a', 'b', 'c', 'd'].slice(gone),
      JSON.stringify(bound),
    );
  }
});

test('an emptied journal leaves no key behind, and looking in lengthens no life', async (t) => {
  const { redis, fresh } = await setUp(t);
  const { write, names } = fresh();
  await write([entry('a', 'GW1')], { keptMs: 50_000 });
  for (const name of names) {
    const lifeMs = await redis.pttl(name);
    assert.ok(lifeMs > 40_000 && lifeMs <= 50_000, name);
  }
  await write([], { keptMs: 90_000 });
  for (const name of names) assert.ok((await redis.pttl(name)) <= 50_000, name);
  assert.equal(await write([], { now: 10_000_000 }), 1);
  assert.equal(await redis.exists(...names), 0);
});

const writes = fc.array(
  fc.array(
    fc.record({
      id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      time: fc.integer({ min: 1, max: 50 }),
      reference: fc.constantFrom('GW1', 'GW2', 'GW3'),
      text: fc.string({ unit: anySign, maxLength: 20 }),
    }),
    { maxLength: 5 },
  ),
  { minLength: 1, maxLength: 6 },
);

test('the bytes that are kept count are those that are there, and every reference leads somewhere', async (t) => {
  const { redis, fresh } = await setUp(t);
  await fc.assert(
    fc.asyncProperty(writes, fc.integer({ min: 0, max: 200 }), async (batches, maxBytes) => {
      const { write, index, entries, references, bytes } = fresh();
      for (const batch of batches) await write(batch, { maxEntries: 4, maxBytes });
      const kept = await redis.hgetallBuffer(entries);
      const ids = Object.keys(kept);
      const sizes = Object.values(kept).map((text) => text.length + ENTRY_BYTES);
      const total = sizes.reduce((sum, size) => sum + size, 0);
      assert.equal(Number((await redis.get(bytes)) ?? 0), total);
      assert.ok(total <= maxBytes && ids.length <= 4);
      assert.deepEqual((await redis.zrange(index, 0, -1)).toSorted(), ids.toSorted());
      for (const [reference, found] of Object.entries(await redis.hgetall(references))) {
        for (const id of found.split(' ')) {
          assert.ok(kept[id]?.toString().startsWith(`${reference} `), `${reference} → ${id}`);
        }
      }
    }),
    { numRuns: 60 },
  );
});
