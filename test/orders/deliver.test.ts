/** Going on where a run died while it gave a file its name: real folder, real Redis, each file once. */
import assert from 'node:assert/strict';
import { readdir, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { StandingOrder } from '../../src/config/orders.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createOrderDays, type OrderDay } from '../../src/orders/days.ts';
import { deliver } from '../../src/orders/deliver.ts';
import { causeOf, wordOf } from '../../src/orders/faults.ts';
import { placePart, writePart } from '../../src/orders/folder.ts';
import type { Report } from '../../src/reports/types.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startState } from '../support/state.ts';

const useState = await startState();
const { signal } = new AbortController();
const NAME = 'TIB-20250505.csv';

async function* rows(): AsyncGenerator<Buffer> {
  yield Buffer.from('HESAP;BAKIYE\r\n');
}

const report: Report = {
  id: '00000000-0000-4000-8000-000000000000',
  state: 'ready',
  version: 1,
  member: 'TIB',
  processDate: '20250505',
  filters: {},
  createdAt: 0,
  updatedAt: 0,
  expiresAt: 0,
  files: [],
};

const orderInto = (folder: string): StandingOrder => ({
  name: 'nightly',
  member: 'TIB',
  at: '01:05',
  date: 'yesterday',
  filters: {},
  days: [1],
  catchUpDays: 2,
  lateAfter: '06:00',
  deliver: { folder, formats: ['csv'], fileName: '{member}-{processDate}.{extension}' },
});

/** A run that wrote its part, told the day what name it is about to get, and came no further. */
async function diedPlacing(t: TestContext) {
  const { redis, keys } = await useState(t);
  const days = createOrderDays(redis, keys);
  const folder = await temporaryFolder();
  const order = orderInto(folder);
  const part = await writePart(folder, rows(), signal);
  const [day] = await days.read(order.name, ['20250505']);
  assert.ok(day !== undefined);
  const placing = { ...part, format: 'csv', name: NAME, deliveredAt: 1 };
  const left = await days.write(order.name, day, { state: 'ready', placing });
  /** The next run: what is written already is neither read nor told a second time. */
  const goOn = (): Promise<OrderDay> =>
    deliver(
      {
        desk: { openRows: () => Promise.reject(new Error('the rows were read again')) },
        record: () => Promise.reject(new Error('it was told of again')),
        clock: systemClock,
      },
      order,
      report,
      left,
      (read, change) => days.write(order.name, read, change),
      signal,
    );
  const kept = async (): Promise<OrderDay | undefined> =>
    (await days.read(order.name, ['20250505']))[0];
  return { folder, part, goOn, kept };
}

const namesIn = async (folder: string): Promise<string[]> => (await readdir(folder)).toSorted();

test('a part that had no name yet gets it', async (t) => {
  const { folder, part, goOn, kept } = await diedPlacing(t);
  const day = await goOn();
  assert.deepEqual(
    day.files.map(({ name, sha256 }) => [name, sha256]),
    [[NAME, part.sha256]],
  );
  assert.deepEqual(await kept(), JSON.parse(JSON.stringify(day)));
  assert.equal((await kept())?.placing, undefined);
  assert.deepEqual(await namesIn(folder), [NAME, `${NAME}.sha256`]);
});

test('one that had its name gets the digest that was missing, and no second name', async (t) => {
  const { folder, part, goOn } = await diedPlacing(t);
  await placePart(folder, part, NAME);
  await unlink(join(folder, `${NAME}.sha256`));
  assert.equal((await goOn()).files.length, 1);
  assert.deepEqual(await namesIn(folder), [NAME, `${NAME}.sha256`]);
  const digest = await readFile(join(folder, `${NAME}.sha256`), 'utf8');
  assert.equal(digest, `${part.sha256}  ${NAME}\n`);
});

test('one whose reader has taken it away does not come back', async (t) => {
  const { folder, part, goOn } = await diedPlacing(t);
  await placePart(folder, part, NAME);
  for (const name of [NAME, `${NAME}.sha256`]) await unlink(join(folder, name));
  assert.deepEqual(
    (await goOn()).files.map(({ name }) => name),
    [NAME],
  );
  assert.deepEqual(await namesIn(folder), []);
});

test('what the disk says of the rows is not told as the folder’s', async (t) => {
  const { redis, keys } = await useState(t);
  const days = createOrderDays(redis, keys);
  const folder = await temporaryFolder();
  const gone = join(folder, 'gone');
  const deps = {
    desk: { openRows: async () => assert.fail(await readFile(gone, 'utf8')) },
    record: async () => undefined,
    clock: systemClock,
  };
  const heldUpBy = async (order: StandingOrder): Promise<string[]> => {
    const [day] = await days.read(order.name, ['20250506']);
    assert.ok(day !== undefined);
    const write = (read: OrderDay, change: Parameters<typeof days.write>[2]): Promise<OrderDay> =>
      days.write(order.name, read, change);
    return deliver(deps, order, report, day, write, signal).then(
      () => assert.fail('it was delivered'),
      (error: unknown) => [causeOf(error), wordOf(error)],
    );
  };
  assert.deepEqual(await heldUpBy(orderInto(folder)), ['internal', 'ENOENT']);
  assert.deepEqual(await heldUpBy(orderInto(gone)), ['folder', 'ENOENT']);
  assert.deepEqual(await namesIn(folder), []);
});
