/**
 * Every route × client × member: who gets what. The routes are those of the document, which
 * is made of the app's own, so a new one cannot be forgotten: it has to be named here.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { temporaryFolder } from '../support/folder.ts';
import { startTestGateway } from '../support/gateway.ts';
import { DATE, environmentOf, startTestSandbox } from '../support/pair.ts';

const MEMBERS = ['AKY', 'TIB'] as const;
type Member = (typeof MEMBERS)[number];

const CLIENTS = {
  none: { members: [] as Member[], operator: false, auditor: false, key: undefined },
  wrong: { members: [] as Member[], operator: false, auditor: false, key: 'nobody-has-this-key' },
  tib: { members: ['TIB'] as Member[], operator: false, auditor: false, key: 'key-of-tib' },
  aky: { members: ['AKY'] as Member[], operator: false, auditor: false, key: 'key-of-aky' },
  both: {
    members: ['AKY', 'TIB'] as Member[],
    operator: false,
    auditor: false,
    key: 'key-of-both',
  },
  inspector: {
    members: ['TIB'] as Member[],
    operator: false,
    auditor: true,
    key: 'key-of-inspector',
  },
  chief: { members: ['TIB'] as Member[], operator: true, auditor: false, key: 'key-of-chief' },
} as const;
type ClientName = keyof typeof CLIENTS;

/** How a route names the member that it is about. */
type Scope =
  /** Needs no key. */
  | 'public'
  /** The same for all who have a key. */
  | 'common'
  /** By the body's or the query's `member`. */
  | 'named'
  /** By a report that is the member's. */
  | 'report'
  /** By an order that is the member's. */
  | 'order'
  /** The same, for operators alone. */
  | 'ordered'
  /** By a check of a ledger that is the member's. */
  | 'check'
  /** By the path, for operators alone. */
  | 'operated'
  /** By the query's `member`, for auditors alone. */
  | 'audited'
  /** Gives the caller's own alone, whoever asks. */
  | 'own';

interface Route {
  scope: Scope;
  /** Body of a POST. */
  body?: (member: Member) => object;
  /** What the query has to name besides the member. */
  query?: string;
  /** Body of a POST that is no JSON. */
  csv?: string;
  /** What the entitled get. */
  good: readonly number[];
}

const LEDGER = 'HESAP,ALT_HESAP,ISIN,BAKIYE\r\n';
const CALL = { scope: 'named', good: [200, 422] } as const;
const ROUTES: Readonly<Record<string, Route>> = {
  'POST /balances': {
    scope: 'named',
    good: [202, 200],
    body: (member) => ({ processDate: DATE, member }),
  },
  'GET /balances': { scope: 'named', good: [200] },
  'GET /balances/changes': { scope: 'named', query: `&from=${DATE}&to=${DATE}`, good: [200] },
  'POST /balances/check': {
    scope: 'named',
    query: `&processDate=${DATE}&ledger=own`,
    csv: LEDGER,
    good: [200],
  },
  'GET /balances/checks': { scope: 'named', good: [200] },
  'GET /balances/checks/:id': { scope: 'check', good: [200] },
  'GET /balances/:id': { scope: 'report', good: [200] },
  'GET /balances/:id/rows': { scope: 'report', good: [200] },
  'GET /balances/:id/file': { scope: 'report', good: [200] },
  'GET /balances/:id/events': { scope: 'report', good: [200] },
  'DELETE /balances/:id': { scope: 'report', good: [409] },
  'POST /mks/v1/reports/account/balance-report': {
    ...CALL,
    good: [200, 409, 422],
    body: () => ({ processDate: DATE, fileType: 'json', zipPassword: 'Secret12' }),
  },
  'POST /mks/v1/reports/async-report-status': { ...CALL, body: () => ({ refId: 'none' }) },
  'POST /mks/v1/reports/async-report-content': {
    ...CALL,
    body: () => ({ refId: 'none', fileName: 'MKK_RP166_1.zip' }),
  },
  'POST /mks/v1/yf/getMfundTradeDetails': {
    ...CALL,
    body: () => ({ issuerMemberCode: 'TRISP', processDate: '20230606', opStat: 'KO' }),
  },
  'GET /exchanges': { scope: 'named', good: [200] },
  'GET /trail': { scope: 'audited', good: [200] },
  'GET /standing-orders': { scope: 'named', good: [200] },
  'GET /standing-orders/:name': { scope: 'order', good: [200] },
  'POST /standing-orders/:name/run': {
    scope: 'ordered',
    good: [202],
    body: () => ({ processDate: DATE }),
  },
  'GET /members': { scope: 'own', good: [200] },
  'POST /members/:member/pause': { scope: 'operated', good: [200] },
  'POST /members/:member/resume': { scope: 'operated', good: [200] },
  'GET /service-hours': { scope: 'common', good: [200] },
  'GET /result-codes': { scope: 'common', good: [200] },
  'GET /health/live': { scope: 'public', good: [200] },
  'GET /health/ready': { scope: 'public', good: [200] },
  'GET /health/upstream': { scope: 'public', good: [200] },
  'GET /metrics': { scope: 'public', good: [200] },
  'GET /openapi.json': { scope: 'public', good: [200] },
  'GET /problems/:slug': { scope: 'public', good: [200] },
};

/** Served for browsers by others' plugins: never more than a file without secrets. */
const VIEWER = /^\/docs(?:\/|$)/;

interface Answer {
  status: number;
  body: string;
}

let port = 0;
function call(
  url: string,
  [method, path]: readonly [string, string],
  key: string | undefined,
  body?: object | string,
): Promise<Answer> {
  const isCsv = typeof body === 'string';
  const text = body === undefined || isCsv ? body : JSON.stringify(body);
  const headers = {
    prefer: 'respond-async',
    ...(key !== undefined && { authorization: `Bearer ${key}` }),
    ...(text !== undefined && { 'content-type': isCsv ? 'text/csv' : 'application/json' }),
  };
  // From many addresses, so that none of them fails too often.
  const localAddress = `127.0.1.${(port += 1) % 250 || 1}`;
  return new Promise((resolve, reject) => {
    const asked = httpRequest(`${url}${path}`, { method, headers, localAddress }, (answer) => {
      let received = '';
      answer.setEncoding('utf8').on('data', (piece: string) => (received += piece));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: received }));
    });
    asked.on('error', reject).end(text);
  });
}

/** Which statuses a client may get of a route about a member. */
function allowed(route: Route, client: ClientName, member: Member): readonly number[] {
  const { members, operator, auditor, key } = CLIENTS[client];
  if (route.scope === 'public') return route.good;
  if (key === undefined || members.length === 0) return [401];
  const owns = members.includes(member);
  switch (route.scope) {
    case 'common':
    case 'own':
      return route.good;
    case 'named':
      return owns ? route.good : [403];
    case 'operated':
      return owns && operator ? route.good : [403];
    case 'audited':
      return owns && auditor ? route.good : [403];
    case 'ordered':
      return owns ? (operator ? route.good : [403]) : [404];
    case 'order':
    case 'report':
    case 'check':
      return owns ? route.good : [404];
  }
}

async function setUp(t: TestContext) {
  const members = MEMBERS.map((memberCode) => ({ memberCode, userCode: `${memberCode}991` }));
  const sandbox = await startTestSandbox(t, { members });
  const file = join(await temporaryFolder(), 'clients.json');
  const clients = Object.entries(CLIENTS).flatMap(([name, { key, ...client }]) =>
    client.members.length === 0 || key === undefined
      ? []
      : [{ name, ...client, keySha256: createHash('sha256').update(key).digest('hex') }],
  );
  await writeFile(file, JSON.stringify({ clients }), { mode: 0o600 });
  const ordersFile = join(await temporaryFolder(), 'orders.json');
  const orders = MEMBERS.map((member) => ({
    name: member,
    member,
    at: '00:00',
    date: 'yesterday',
    catchUpDays: 0,
  }));
  await writeFile(ordersFile, JSON.stringify({ orders }));
  const { url } = await startTestGateway(t, {
    ...environmentOf(sandbox),
    STANDING_ORDERS_FILE: ordersFile,
    API_CLIENTS_FILE: file,
    RATE_LIMIT_PER_MINUTE: '100000',
  });
  const reports = new Map<Member, string>();
  const checks = new Map<Member, string>();
  for (const member of MEMBERS) {
    const { key } = member === 'TIB' ? CLIENTS.tib : CLIENTS.aky;
    const response = await fetch(`${url}/balances`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        prefer: 'wait=30',
      },
      body: JSON.stringify({ processDate: DATE }),
    });
    assert.equal(response.status, 200);
    reports.set(member, ((await response.json()) as { id: string }).id);
    const query = `processDate=${DATE}&ledger=own`;
    const checked = await fetch(`${url}/balances/check?${query}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'text/csv' },
      body: LEDGER,
    });
    checks.set(member, ((await checked.json()) as { id: string }).id);
  }
  return { url, reports, checks };
}

/** The routes of the document, which is made of the app's own. */
async function routesOf(url: string): Promise<string[]> {
  const { paths } = (await (await fetch(`${url}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, object>>;
  };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map(
      (method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
    ),
  );
}

test('every route gives every client its own, and nothing of another', async (t) => {
  const { url, reports, checks } = await setUp(t);
  const found = (await routesOf(url)).filter((name) => !name.startsWith('HEAD '));
  assert.deepEqual(
    found.filter((name) => !VIEWER.test(name.split(' ')[1] ?? '')).toSorted(),
    Object.keys(ROUTES).toSorted(),
    'name the new route above',
  );
  let cells = 0;
  const leaks: string[] = [];
  for (const [name, route] of Object.entries(ROUTES)) {
    const [method = '', pattern = ''] = name.split(' ');
    for (const client of Object.keys(CLIENTS) as ClientName[]) {
      for (const member of MEMBERS) {
        const path = pattern
          .replace(':id', (route.scope === 'check' ? checks : reports).get(member) ?? '')
          .replace(':member', member)
          .replace(':name', member)
          .replace(':slug', 'conflict');
        const isNamed = ['named', 'audited'].includes(route.scope) && name !== 'POST /balances';
        const target = isNamed ? `${path}?member=${member}${route.query ?? ''}` : path;
        const { key } = CLIENTS[client];
        const answer = await call(url, [method, target], key, route.csv ?? route.body?.(member));
        const label = `${name} × ${client} × ${member}`;
        const expected = allowed(route, client, member);
        if (!expected.includes(answer.status)) {
          leaks.push(`${label}: ${answer.status} instead of ${expected.join('|')}`);
        }
        if (leaksMember(answer, client, route.scope)) leaks.push(`${label}: names another member`);
        cells += 1;
      }
    }
  }
  assert.deepEqual(leaks, []);
  t.diagnostic(`${cells} cells, 0 leaks`);
  assert.equal(cells, Object.keys(ROUTES).length * Object.keys(CLIENTS).length * MEMBERS.length);
});

/** Data of a member that is not the client's, in an answer that is not the public's. */
function leaksMember({ status, body }: Answer, client: ClientName, scope: Scope): boolean {
  if (scope === 'public' || scope === 'common' || status >= 400) return false;
  return MEMBERS.some(
    (member) =>
      !CLIENTS[client].members.includes(member) &&
      new RegExp(`"(?:member|mbrId)":"${member}"`).test(body),
  );
}

test('without a key no path tells whether it exists', async (t) => {
  const { url, reports } = await setUp(t);
  const paths = [
    `/balances/${reports.get('TIB')}`,
    '/balances/00000000-0000-4000-8000-000000000000',
    '/no/such/path',
    '/members/TIB',
    '/members/NONE',
  ];
  for (const path of paths) {
    const answers = await Promise.all(
      [undefined, 'wrong'].map((key) => call(url, ['GET', path], key)),
    );
    for (const answer of answers) assert.equal(answer.status, 401, path);
  }
});
