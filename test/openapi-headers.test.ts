/** The headers of real answers, beside the OpenAPI document: what comes is written, what is written comes. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { openapiText } from '../scripts/openapi/document.ts';
import { MksError, type MksErrorCode } from '../src/mks/errors.ts';
import { client, keyOf, startEdge } from './support/edge.ts';

interface Operation {
  requestBody?: { content: Record<string, { examples?: Record<string, { value: unknown }> }> };
  responses: Record<string, { headers?: Record<string, object> }>;
}

const { paths } = JSON.parse(await openapiText()) as {
  paths: Record<string, Record<string, Operation>>;
};

/** Of HTTP itself: they tell how bytes travel and how long they may be kept. */
const OF_HTTP =
  'date connection keep-alive content-length content-type content-encoding transfer-encoding ' +
  'cache-control vary';
/** For browsers, the same on each answer. */
const FOR_BROWSERS =
  'content-security-policy cross-origin-opener-policy cross-origin-resource-policy ' +
  'origin-agent-cluster referrer-policy x-content-type-options x-frame-options ' +
  'x-dns-prefetch-control x-download-options x-permitted-cross-domain-policies x-xss-protection';
const UNTOLD = new Set(`${OF_HTTP} ${FOR_BROWSERS}`.split(' '));

/** `GET /balances/r1?x=1` → `get /balances/{id}`, the operation of the document. */
function operationOf(method: string, path: string): [name: string, operation: Operation] {
  const { pathname } = new URL(path, 'http://127.0.0.1');
  for (const [template, methods] of Object.entries(paths)) {
    const pattern = new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`);
    const operation = methods[method.toLowerCase()];
    if (pattern.test(pathname) && operation !== undefined) {
      return [`${method.toLowerCase()} ${template}`, operation];
    }
  }
  throw new Error(`no operation for ${method} ${path}`);
}

/** The documented headers of an answer, in small letters. */
function documented({ responses }: Operation, status: number | string): string[] {
  return Object.keys(responses[status]?.headers ?? {}).map((name) => name.toLowerCase());
}

interface Request {
  method?: string;
  headers?: Record<string, string>;
  body?: unknown;
}

/** A gateway's edge, and the headers that it was seen to send, by operation and status. */
async function startWatched(t: TestContext, change: Parameters<typeof startEdge>[1] = {}) {
  const edge = await startEdge(t, { clients: () => [client('desk', ['TIB'])], ...change });
  const seen = new Map<string, Set<string>>();
  /** Sends a request and holds the headers of its answer against the document. */
  async function look(
    path: string,
    status: number,
    { method = 'GET', headers = {}, body }: Request = {},
  ): Promise<void> {
    const response = await fetch(edge.url + path, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...keyOf('desk'),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const [name, operation] = operationOf(method, path);
    assert.equal(response.status, status, `${name}: ${text.slice(0, 300)}`);
    assert.ok(operation.responses[status] !== undefined, `${name}: ${status} is not documented`);
    const told = documented(operation, status);
    const sent = [...response.headers.keys()].filter((header) => !UNTOLD.has(header));
    for (const header of sent) assert.ok(told.includes(header), `${name} ${status}: ${header}`);
    const key = `${name} ${status}`;
    seen.set(key, new Set([...(seen.get(key) ?? []), ...sent]));
  }
  return { ...edge, look, seen };
}

const ASK = { processDate: '20250505', member: 'TIB' };

test('each header of a good answer is documented, and each documented one comes', async (t) => {
  const { desk, get, look, seen } = await startWatched(t);
  const prefer = { prefer: 'wait=1' };
  await look('/balances', 202, {
    method: 'POST',
    body: ASK,
    headers: { prefer: 'respond-async' },
  });
  await look('/balances/r1', 204, { method: 'DELETE' });
  desk.startAs({ state: 'ready', refId: 'REF', rowCount: 2, files: ['rapor.csv'] });
  await look('/balances', 200, { method: 'POST', body: ASK, headers: prefer });
  await look('/balances', 200);
  await look('/balances/r2', 200, { headers: prefer });
  await look('/balances/r2/rows', 200);
  await look('/balances/r2/rows?format=csv', 200);
  await look('/balances/r2/rows', 304, { headers: { 'if-none-match': '*' } });
  await look('/balances/changes?from=20250505&to=20250505', 200);
  await look('/balances/check?processDate=20250505&ledger=own', 200, {
    method: 'POST',
    headers: { 'content-type': 'text/csv' },
    body: 'HESAP;ALT_HESAP;ISIN;BAKIYE\n',
  });
  await look('/balances/checks', 200);
  const checks = await get('/balances/checks', keyOf('desk'));
  const { items } = (await checks.json()) as { items: { id: string }[] };
  await look(`/balances/checks/${items[0]?.id}`, 200);
  await look('/balances/r2/file', 200);
  await look('/balances/changes?from=20250505&to=20250505&member=TIB', 200);
  await look('/balances/r2/events', 200);
  await look('/balances/r2/events', 204, { headers: { 'last-event-id': '1' } });
  for (const [path, { post }] of Object.entries(paths)) {
    if (!path.startsWith('/mks/')) continue;
    const examples = post?.requestBody?.content['application/json']?.examples ?? {};
    await look(path, 200, { method: 'POST', body: Object.values(examples)[0]?.value });
  }
  for (const path of [
    '/standing-orders',
    '/standing-orders/nightly',
    '/exchanges',
    '/members',
    '/service-hours',
    '/result-codes',
  ]) {
    await look(path, 200);
  }
  for (const path of ['/health/live', '/health/ready', '/health/upstream', '/metrics']) {
    await look(path, 200);
  }
  for (const path of ['/openapi.json', '/problems/conflict']) await look(path, 200);
  for (const turn of ['pause', 'resume']) {
    await look(`/members/TIB/${turn}`, 403, { method: 'POST' });
  }

  const operators = await startWatched(t, { clients: () => undefined });
  for (const turn of ['pause', 'resume']) {
    await operators.look(`/members/TIB/${turn}`, 200, { method: 'POST' });
  }
  await operators.look('/standing-orders/nightly/run', 202, {
    method: 'POST',
    body: { processDate: '20250505' },
  });
  const auditors = await startWatched(t, {
    clients: () => [{ ...client('desk', ['TIB']), auditor: true }],
  });
  await auditors.look('/trail', 200);
  for (const [key, headers] of [...operators.seen, ...auditors.seen]) seen.set(key, headers);
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      for (const status of Object.keys(operation.responses).filter((code) => code < '400')) {
        const key = `${method} ${path} ${status}`;
        assert.deepEqual(
          [...(seen.get(key) ?? [])].toSorted(),
          documented(operation, status).toSorted(),
          key,
        );
      }
    }
  }
});

test('each header of a refusal is documented', async (t) => {
  const { desk, look } = await startWatched(t);
  const post = { method: 'POST', body: ASK };
  await look('/balances', 401, { headers: { authorization: 'Bearer wrong' } });
  await look('/balances', 400, { ...post, body: {} });
  await look('/balances', 403, { ...post, body: { ...ASK, member: 'AKY' } });
  await look('/balances', 406, { ...post, headers: { accept: 'image/png' } });
  await look('/balances', 413, { ...post, body: { ...ASK, accNo: '1'.repeat(70_000) } });
  await look('/balances', 415, { ...post, headers: { 'content-type': 'text/plain' } });
  desk.answerWith({ kind: 'idempotency-key-reused' });
  await look('/balances', 422, post);
  desk.answerWith({ kind: 'closed', opensAt: Date.UTC(2025, 4, 6, 22) });
  await look('/balances', 503, post);
  desk.put({ id: 'queued' });
  desk.put({ id: 'expired', state: 'expired' });
  for (const [code, status] of [
    ['mks-rejected', 422],
    ['mks-error', 502],
    ['mks-unknown-outcome', 504],
    ['storage-full', 507],
  ] as const) {
    const mks = { code: 'RP038', senderReference: 'GW1', description: 'ISIN' };
    const failure = { code, detail: '', outcome: 'refused' as const, retryable: false, mks };
    desk.put({ id: code, state: 'failed', failure });
    await look(`/balances/${code}/rows`, status);
    await look(`/balances/${code}/file`, status);
  }
  for (const part of ['rows', 'file']) {
    await look(`/balances/nowhere/${part}`, 404);
    await look(`/balances/queued/${part}`, 409);
    await look(`/balances/expired/${part}`, 410);
  }
  await look('/balances/expired', 409, { method: 'DELETE' });
  await look('/problems/nowhere', 404);
});

test('each header of a failed call is documented', async (t) => {
  const failures: [MksErrorCode, number][] = [
    ['conflict', 409],
    ['mks-error', 502],
    ['mks-unreachable', 502],
    ['mks-login-refused', 502],
    ['mks-untrusted-response', 502],
    ['outside-service-hours', 503],
    ['state-unavailable', 503],
    ['mks-unknown-outcome', 504],
  ];
  let code: MksErrorCode = 'conflict';
  const details = { outcome: 'unknown', senderReference: 'GW1', retryAfterMs: 1_000 } as const;
  const { look } = await startWatched(t, {
    rateLimitPerMinute: failures.length,
    passThrough: { call: () => Promise.reject(new MksError(code, 'failed', details)) },
  });
  const request = { method: 'POST', body: { refId: 'REF' } };
  for (const [next, status] of failures) {
    code = next;
    await look('/mks/v1/reports/async-report-status', status, request);
  }
  await look('/mks/v1/reports/async-report-status', 429, request);
});
