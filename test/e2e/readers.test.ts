/** Many and slow readers: the process stays small, and whoever reads is served. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { spawnGateway } from '../support/gateway.ts';
import { client, DATE, environmentOf, startTestSandbox } from '../support/pair.ts';
import { until } from '../support/until.ts';

async function start(t: TestContext, rows: number, prepareSeconds: number) {
  const sandbox = await startTestSandbox(t, { shape: { rows }, prepareSeconds });
  const gateway = await spawnGateway(t, { ...environmentOf(sandbox), LOG_LEVEL: 'info' });
  const residentMb = (): number => {
    const status = readFileSync(`/proc/${gateway.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
  };
  return { ...client(gateway.url), url: gateway.url, residentMb, output: gateway.output };
}

test('200 callers wait for one report of 10,000 rows: all get it whole, encoded once', async (t) => {
  const { ask, residentMb } = await start(t, 10_000, 3);
  const idleMb = residentMb();
  const bodies = await Promise.all(
    Array.from({ length: 200 }, async () => {
      const response = await ask({ processDate: DATE });
      assert.equal(response.status, 200);
      let bytes = 0;
      for await (const chunk of response.body ?? []) bytes += chunk.length;
      return bytes;
    }),
  );
  assert.equal(new Set(bodies).size, 1);
  assert.ok((bodies[0] ?? 0) > 1_000_000, `${bodies[0]} bytes`);
  // Encoded for each of them it would be 400 MB.
  const grownMb = residentMb() - idleMb;
  t.diagnostic(`${grownMb.toFixed(0)} MB more`);
  assert.ok(grownMb < 120, `${grownMb} MB more`);
});

test('80 readers that take nothing keep nobody from a large report', async (t) => {
  const { ask, url, residentMb, output } = await start(t, 120_000, 0.1);
  await (await ask({ processDate: DATE }, { accept: 'application/x-ndjson' })).body?.cancel();
  const idleMb = residentMb();
  const body = JSON.stringify({ processDate: DATE });
  const head = `POST /balances HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
  let begun = 0;
  const sockets: Socket[] = [];
  t.after(() => sockets.forEach((socket) => socket.destroy()));
  for (let n = 0; n < 80; n += 1) {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.once('readable', () => (begun += 1));
    socket.write(head + body);
  }
  await until(() => begun >= 40, 30_000);
  const askPlainly = () => ask({ processDate: DATE }, { accept: 'application/x-ndjson' });
  let honest = await askPlainly();
  // A machine that many tests share may be too busy for a moment.
  await until(async () => {
    if (honest.status === 503) honest = await askPlainly();
    return honest.status === 200;
  }, 60_000);
  const text = await honest.text();
  assert.equal(text.split('\n').length - 1, Number(honest.headers.get('row-count')));
  const grownMb = residentMb() - idleMb;
  assert.ok(grownMb < 200, `${grownMb} MB more`);

  const letGo = output.filter((line) => line.includes('"letGo":true'));
  assert.ok(letGo.length > 0, 'the log says whom we have let go');
  // Who is let go, or leaves while in line, is nobody's fault.
  sockets.forEach((socket) => socket.destroy());
  assert.equal((await askPlainly()).status, 200);
  assert.deepEqual(
    output.filter((line) => /"level":[56]0/.test(line)),
    [],
  );
});
