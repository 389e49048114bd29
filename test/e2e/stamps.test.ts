/** A gateway whose time stamp server is away serves as ever, tells it, and is stamped when it is back. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../support/folder.ts';
import { startTestGateway } from '../support/gateway.ts';
import { client, DATE, environmentOf, rowsOf, startTestSandbox } from '../support/pair.ts';
import { makeAuthority, startStampServer } from '../support/time-stamp-server.ts';
import { until } from '../support/until.ts';
import { filesOf, linesOf } from '../trail/support.ts';

test('away it holds up neither start, rows nor closing; back it stamps what was left', async (t) => {
  const sandbox = await startTestSandbox(t);
  const authority = await makeAuthority({ key: 'ec' });
  const server = await startStampServer(t, authority);
  server.instead = () => undefined;
  const DATA_DIR = await temporaryFolder();
  const environment = {
    ...environmentOf(sandbox),
    DATA_DIR,
    TRAIL_TIMESTAMP_URL: server.url,
    TRAIL_TIMESTAMP_CA_FILE: authority.caFile,
  };
  const first = await startTestGateway(t, environment);
  await rowsOf(await client(first.url).ask({ processDate: DATE }));
  await first.close();

  server.instead = (response) => response.writeHead(503).end();
  const second = await startTestGateway(t, environment);
  const waiting = async () => {
    const text = await (await fetch(`${second.url}/metrics`)).text();
    return /^mks_gateway_trail_checkpoints_unstamped (\d+)$/m.exec(text)?.[1];
  };
  await until(async () => (await waiting()) === '1');
  await rowsOf(await client(second.url).ask({ processDate: DATE }));
  await second.close();
  const count = (action: string) => {
    const lines = filesOf(join(DATA_DIR, 'trail')).flatMap(linesOf);
    return lines.filter((line) => line.action === action).length;
  };
  assert.deepEqual([count('checkpoint'), count('checkpoint.stamped')], [2, 0]);

  server.instead = undefined;
  await startTestGateway(t, environment);
  await until(() => count('checkpoint.stamped') === 2);
});
