/** A start that fails when all but the port is there already. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { test } from 'node:test';
import { run } from '../src/process.ts';
import { clock, createFolder } from './config/support.ts';
import { until } from './support/until.ts';

const children = (): string =>
  readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim();

test('a port that is taken is told in a word, and nothing is left running', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  t.after(() => taken.close());
  const { port } = taken.address() as AddressInfo;
  const { env } = createFolder(t);
  const told = t.mock.method(console, 'error', () => undefined);
  assert.equal(await run({ ...env, PORT: String(port), LOG_LEVEL: 'fatal' }, clock), false);
  assert.deepEqual(
    told.mock.calls.map((call) => String(call.arguments[0])),
    [`listen EADDRINUSE: address already in use 127.0.0.1:${port}`],
  );
  // Of its Redis too.
  await until(() => children() === '');
});
