/** Standing orders through a whole gateway: the days, the folder, the notices, the routes. */
import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { DATE, environmentOf, problemOf, startTestSandbox } from '../support/pair.ts';
import { startTestGateway } from '../support/gateway.ts';
import { temporaryFolder } from '../support/folder.ts';
import { mountSmall } from '../support/small-disk.ts';
import { until } from '../support/until.ts';
import { systemClock, type Clock } from '../../src/lib/clock.ts';
import { toIstanbulDate } from '../../src/lib/dates.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

interface OrderDocument {
  name: string;
  nextRunAt: string;
  dates: {
    processDate: string;
    state: string;
    late: boolean;
    report?: string;
    rows?: number;
    waiting?: { for: string; detail?: string };
    problem?: { type: string };
    files: { name: string; sha256: string; bytes: number }[];
    notices: { id: string; state: string; attempts: { status?: number }[] }[];
  }[];
}

async function startOrders(
  t: TestContext,
  orders: object[],
  environment: Record<string, string> = {},
  clock: Clock = systemClock,
) {
  const sandbox = await startTestSandbox(t);
  const folder = await temporaryFolder();
  const file = join(folder, 'orders.json');
  await mkdir(join(folder, 'out'));
  await writeFile(join(folder, 'hook.secret'), 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n');
  await writeFile(file, JSON.stringify({ orders }));
  const { url, dataDir } = await startTestGateway(
    t,
    { ...environmentOf(sandbox), STANDING_ORDERS_FILE: file, ...environment },
    clock,
  );
  const read = async (name = 'nightly'): Promise<OrderDocument> => {
    const answer = await fetch(`${url}/standing-orders/${name}`);
    assert.equal(answer.status, 200);
    return (await answer.json()) as OrderDocument;
  };
  return { sandbox, url, file, folder: join(folder, 'out'), dataDir, read };
}

const NIGHTLY = {
  name: 'nightly',
  member: 'TIB',
  at: '00:00',
  date: 'yesterday',
  catchUpDays: 2,
  deliver: { folder: 'out', formats: ['csv', 'xlsx'] },
};

test('the days that were missed are made, laid in the folder with their digests, and told', async (t) => {
  const bodies: { headers: IncomingHttpHeaders; body: string }[] = [];
  const receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      bodies.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(bodies.length === 1 ? 302 : 204, { location: '/elsewhere' }).end();
    });
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  t.after(() => receiver.close());
  const { port } = receiver.address() as AddressInfo;
  const notify = { url: `http://127.0.0.1:${port}/hook`, secretFile: 'hook.secret' };
  const { folder, read } = await startOrders(t, [{ ...NIGHTLY, notify }]);

  const isDone = ({ dates }: OrderDocument): boolean =>
    dates.every(({ state, notices }) => state === 'ready' && notices[0]?.state === 'delivered');
  await until(async () => isDone(await read()), 60_000);
  const { dates } = await read();
  const now = Date.now();
  assert.deepEqual(
    dates.map(({ processDate }) => processDate),
    [1, 2, 3].map((back) => toIstanbulDate(now - back * DAY_MS)),
  );
  const names = dates.flatMap(({ processDate }) =>
    ['csv', 'xlsx'].flatMap((extension) => [
      `TIB-${processDate}.${extension}`,
      `TIB-${processDate}.${extension}.sha256`,
    ]),
  );
  assert.deepEqual((await readdir(folder)).toSorted(), names.toSorted());
  for (const { name, sha256, bytes } of dates.flatMap(({ files }) => files)) {
    const content = await readFile(join(folder, name));
    assert.equal(createHash('sha256').update(content).digest('hex'), sha256);
    assert.equal(content.length, bytes);
    assert.equal(await readFile(join(folder, `${name}.sha256`), 'utf8'), `${sha256}  ${name}\n`);
  }
  const told = bodies.map(({ body }) => JSON.parse(body) as { data: { processDate: string } });
  const oldestFirst = dates.map(({ processDate }) => processDate).toReversed();
  // The first was answered with a redirect, which is not followed, and so came again.
  assert.deepEqual(
    told.map(({ data }) => data.processDate),
    [oldestFirst[0], ...oldestFirst],
  );
  const secret = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64');
  for (const { headers, body } of bodies) {
    const signed = [headers['webhook-id'], headers['webhook-timestamp'], body].join('.');
    const expected = createHmac('sha256', secret).update(signed).digest('base64');
    assert.equal(headers['webhook-signature'], `v1,${expected}`);
    assert.doesNotMatch(body, /balanceAmount|\d+\.\d{2}"/);
  }
  assert.equal(bodies[0]?.headers['webhook-id'], bodies[1]?.headers['webhook-id']);
});

test('what is there stays, what was taken does not come back, and an operator has it made again', async (t) => {
  const { folder, read, url } = await startOrders(t, [
    { ...NIGHTLY, catchUpDays: 0, deliver: { folder: 'out', formats: ['csv'] } },
  ]);
  const date = toIstanbulDate(Date.now() - DAY_MS);
  await until(async () => (await read()).dates[0]?.state === 'ready', 30_000);
  const name = `TIB-${date}.csv`;
  const first = await readFile(join(folder, name), 'utf8');
  await writeFile(join(folder, name), 'a stranger wrote this');

  const again = await fetch(`${url}/standing-orders/nightly/run`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ processDate: date }),
  });
  assert.equal(again.status, 202, await again.text());
  await until(async () => (await read()).dates[0]?.files[0] !== undefined, 30_000);
  const [day] = (await read()).dates;
  assert.equal(day?.files[0]?.name, `TIB-${date}-2.csv`);
  assert.equal(await readFile(join(folder, name), 'utf8'), 'a stranger wrote this');
  assert.equal(await readFile(join(folder, `TIB-${date}-2.csv`), 'utf8'), first);
});

test('an order of another member, and one that does not exist, are not found', async (t) => {
  const { url } = await startOrders(t, [NIGHTLY]);
  const { slug } = await problemOf(await fetch(`${url}/standing-orders/other`));
  assert.equal(slug, 'not-found');
});

test('a caller has its own system told when its report has ended, and by no other name', async (t) => {
  const told: { type: string; data: Record<string, unknown> }[] = [];
  const receiver = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (piece: string) => (body += piece));
    request.on('end', () => {
      told.push(JSON.parse(body) as (typeof told)[number]);
      response.writeHead(204).end();
    });
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  t.after(() => receiver.close());
  const folder = await temporaryFolder();
  const { port } = receiver.address() as AddressInfo;
  await writeFile(join(folder, 'hook.secret'), 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
  const client = {
    name: 'desk',
    keySha256: createHash('sha256').update('key-of-desk').digest('hex'),
    members: ['TIB'],
    notices: [{ name: 'erp', url: `http://127.0.0.1:${port}/`, secretFile: 'hook.secret' }],
  };
  const file = join(folder, 'clients.json');
  await writeFile(file, JSON.stringify({ clients: [client] }), { mode: 0o600 });
  const { sandbox, url } = await startOrders(t, [], { API_CLIENTS_FILE: file });
  const ask = (body: object): Promise<Response> =>
    fetch(`${url}/balances`, {
      method: 'POST',
      headers: {
        authorization: 'Bearer key-of-desk',
        'content-type': 'application/json',
        prefer: 'respond-async',
      },
      body: JSON.stringify(body),
    });
  const { slug, errors } = await problemOf(await ask({ processDate: DATE, notify: 'crm' }));
  assert.equal(slug, 'invalid-request');
  assert.match(JSON.stringify(errors), /\/notify/);
  const first = (await (await ask({ processDate: DATE, notify: 'erp' })).json()) as { id: string };
  await until(() => told.length === 1, 20_000);
  assert.deepEqual(told[0], {
    type: 'balances.ready',
    timestamp: told[0]?.['timestamp' as 'type'],
    data: { report: first.id, member: 'TIB', processDate: DATE, rows: 50 },
  });
  sandbox.faults.arm({ name: 'code', code: 'RP048', service: 'balance-report' });
  await ask({ processDate: '20260303', notify: 'erp' });
  await until(() => told.length === 2, 20_000);
  assert.equal(told[1]?.type, 'balances.failed');
  assert.equal(told[1].data['problem'], '/problems/mks-rejected');
});

/** The machine's clock, which the test moves on: what is held up is tried again after a minute. */
function movedClock(): Clock & { moveMs: number } {
  return {
    moveMs: 0,
    now() {
      return Date.now() + this.moveMs;
    },
    elapsedMs: () => performance.now(),
  };
}

test('a full folder holds its day up, keeps no half file, and goes on when there is room', async (t) => {
  const clock = movedClock();
  const out = join(await temporaryFolder(), 'disk');
  const unmount = mountSmall(out, '64k');
  if (unmount === undefined) return t.skip('only root may mount a small disk');
  t.after(unmount);
  const name = `TIB-${toIstanbulDate(Date.now() - DAY_MS)}.csv`;
  await writeFile(join(out, 'of-others'), Buffer.alloc(62 * 1024));
  const deliver = { folder: out, formats: ['csv'] };
  const { read } = await startOrders(t, [{ ...NIGHTLY, catchUpDays: 0, deliver }], {}, clock);
  await until(async () => (await read()).dates[0]?.waiting?.for === 'folder', 30_000);
  assert.equal((await read()).dates[0]?.waiting?.detail, 'ENOSPC');
  assert.deepEqual(await readdir(out), ['of-others']);
  await rm(join(out, 'of-others'));
  clock.moveMs += 61_000;
  await until(async () => (await read()).dates[0]?.state === 'ready', 30_000);
  assert.deepEqual((await readdir(out)).toSorted(), [name, `${name}.sha256`]);
});

test('no row is laid anywhere while the trail cannot be written', async (t) => {
  const clock = movedClock();
  const blocked = await temporaryFolder();
  await writeFile(join(blocked, 'trail'), 'no folder');
  const order = { ...NIGHTLY, catchUpDays: 0, deliver: { folder: 'out', formats: ['csv'] } };
  const environment = { DATA_DIR: blocked };
  const { read, folder, dataDir } = await startOrders(t, [order], environment, clock);
  await until(async () => (await read()).dates[0]?.waiting?.for === 'trail-unavailable', 30_000);
  assert.deepEqual(await readdir(folder), []);
  await rm(join(dataDir, 'trail'));
  clock.moveMs += 61_000;
  await until(async () => (await read()).dates[0]?.state === 'ready', 30_000);
  const segments = await readdir(join(dataDir, 'trail'));
  const lines = segments.map((segment) => readFileSync(join(dataDir, 'trail', segment), 'utf8'));
  const [file] = (await readdir(folder)).filter((each) => each.endsWith('.csv'));
  const delivered = lines
    .join('')
    .split('\n')
    .filter((line) => line.includes('"delivered"'));
  assert.equal(delivered.length, 1);
  assert.match(delivered[0] ?? '', new RegExp(`"client":"order:nightly".*"file":"${file}"`));
});

test('a date that an operator had made long after its time is told too, and shown for a day', async (t) => {
  const clock = movedClock();
  const told: string[] = [];
  const receiver = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (piece: string) => (body += piece));
    request.on('end', () => {
      told.push((JSON.parse(body) as { data: { processDate: string } }).data.processDate);
      response.writeHead(204).end();
    });
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  t.after(() => receiver.close());
  const { port } = receiver.address() as AddressInfo;
  const notify = { url: `http://127.0.0.1:${port}/`, secretFile: 'hook.secret' };
  const { read, url } = await startOrders(t, [{ ...NIGHTLY, catchUpDays: 0, notify }], {}, clock);
  const answer = await fetch(`${url}/standing-orders/nightly/run`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ processDate: DATE }),
  });
  const { dates } = (await answer.json()) as OrderDocument;
  assert.ok(dates.some(({ processDate }) => processDate === DATE));
  await until(() => told.includes(DATE), 20_000);
  const shown = async () => (await read()).dates.find(({ processDate }) => processDate === DATE);
  await until(async () => (await shown())?.notices[0]?.state === 'delivered');
  clock.moveMs += 25 * 3_600_000;
  await until(async () => (await shown()) === undefined, 20_000);
});
