/** The way out, watched from the other side: from which address, to which one, under which name. */
import assert from 'node:assert/strict';
import { after, test, type TestContext } from 'node:test';
import type { Sandbox } from '../../sandbox/index.ts';
import { startTestGateway, type Environment } from '../support/gateway.ts';
import {
  client,
  DATE,
  environmentOf,
  problemOf,
  rowsOf,
  startTestSandbox,
} from '../support/pair.ts';
import { startProxy, startRelay } from '../support/proxy.ts';

const NAME = 'apitest.mkk.com.tr';
const EGRESS = '127.0.0.2';
const cleanup = { after: (end: unknown) => after(end as () => Promise<void>) };
const sandbox = await startTestSandbox(cleanup, { tls: true, tlsNames: [NAME] });
const unnamed = await startTestSandbox(cleanup, { tls: true });

async function gateway(t: TestContext, upstream: Sandbox, environment: Environment) {
  const { url } = await startTestGateway(t, { ...environmentOf(upstream), ...environment });
  return client(url);
}

const status = (url: string): Promise<Response> =>
  fetch(`${url}/mks/v1/reports/async-report-status`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"refId":"e7M7RhX2xUzR3uAjsb2s"}',
  });

test('the exchange line: bound to one address, sent to another, TLS by the name', async (t) => {
  const relay = await startRelay(t, sandbox.port);
  const { ask } = await gateway(t, sandbox, {
    MKS_BASE_URL: `https://${NAME}:${relay.port}`,
    MKS_HOST_ADDRESS: '127.0.0.1',
    MKS_EGRESS_ADDRESS: EGRESS,
  });
  assert.equal((await rowsOf(await ask({ processDate: DATE }))).rowCount, 50);
  assert.ok(relay.from.length >= 4, 'login, report, status, content');
  assert.deepEqual([...new Set(relay.from)], [EGRESS]);
});

test('a server without the name is not spoken to', async (t) => {
  const base = await startTestGateway(t, {
    ...environmentOf(unnamed),
    MKS_BASE_URL: `https://${NAME}:${unnamed.port}`,
    MKS_HOST_ADDRESS: '127.0.0.1',
  });
  const problem = await problemOf(await status(base.url));
  assert.deepEqual([problem.slug, problem['outcome']], ['mks-unreachable', 'not-sent']);
  assert.equal(unnamed.log.length, 0);
});

test('a server without MKS_CA_FILE’s signature is not spoken to', async (t) => {
  const before = sandbox.log.length;
  const { MKS_CA_FILE, ...environment } = environmentOf(sandbox);
  assert.ok(MKS_CA_FILE);
  const base = await startTestGateway(t, environment);
  assert.equal((await problemOf(await status(base.url))).slug, 'mks-unreachable');
  assert.equal(sandbox.log.length, before);
});

test('through a proxy: bound, with credentials, a tunnel to the name', async (t) => {
  const proxy = await startProxy(t, sandbox);
  const { ask } = await gateway(t, sandbox, {
    MKS_BASE_URL: `https://${NAME}`,
    MKS_PROXY_URL: `http://gateway:s%40fe@127.0.0.1:${proxy.port}`,
    MKS_EGRESS_ADDRESS: EGRESS,
  });
  assert.equal((await rowsOf(await ask({ processDate: DATE }))).rowCount, 50);
  assert.deepEqual([...new Set(proxy.from)], [EGRESS]);
  for (const head of proxy.asked) {
    assert.match(head, /^CONNECT apitest\.mkk\.com\.tr:443 HTTP\/1\.1\r\n/);
    assert.match(head, /\r\nproxy-authorization: Basic Z2F0ZXdheTpzQGZl\r\n/i);
    assert.doesNotMatch(head, /bearer|sender/i);
  }
});

test('through a proxy to an address: the tunnel leads there, TLS asks for the name', async (t) => {
  const proxy = await startProxy(t);
  const environment = {
    MKS_BASE_URL: `https://${NAME}:${sandbox.port}`,
    MKS_HOST_ADDRESS: '127.0.0.1',
    MKS_PROXY_URL: `http://127.0.0.1:${proxy.port}`,
  };
  const { ask } = await gateway(t, sandbox, environment);
  assert.equal((await rowsOf(await ask({ processDate: DATE }))).rowCount, 50);
  for (const head of proxy.asked) assert.ok(head.startsWith(`CONNECT 127.0.0.1:${sandbox.port} `));

  const base = await startTestGateway(t, {
    ...environmentOf(unnamed),
    ...environment,
    MKS_BASE_URL: `https://${NAME}:${unnamed.port}`,
  });
  assert.equal((await problemOf(await status(base.url))).slug, 'mks-unreachable');
  assert.equal(unnamed.log.length, 0);
});

test('through a proxy, plain http on this machine: a tunnel all the same', async (t) => {
  const plain = await startTestSandbox(t);
  const proxy = await startProxy(t);
  const { ask } = await gateway(t, plain, {
    MKS_PROXY_URL: `http://127.0.0.1:${proxy.port}`,
    MKS_EGRESS_ADDRESS: EGRESS,
  });
  assert.equal((await rowsOf(await ask({ processDate: DATE }))).rowCount, 50);
  for (const head of proxy.asked) {
    assert.ok(head.startsWith(`CONNECT 127.0.0.1:${plain.port} `));
    assert.doesNotMatch(head, /bearer/i);
  }
  assert.deepEqual([...new Set(proxy.from)], [EGRESS]);
});
