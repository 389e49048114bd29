/**
 * Every route × client × member: who gets what. The routes are those of the document, which
 * is made of the app's own, so a new one cannot be forgotten: it has to be named here.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import type { Cleanup } from './cleanup.ts';
import { temporaryFolder } from './folder.ts';
import { startTestGateway } from './gateway.ts';
import { DATE, environmentOf, startTestSandbox } from './pair.ts';

interface Client {
  members: readonly string[];
  operator: boolean;
  auditor: boolean;
  key?: string;
}
type Clients = Readonly<Record<string, Client>>;

/** One without a key, one with a wrong one, one for each set of members, and an operator and an auditor of each member. */
export function clientsOf(members: readonly string[]): Clients {
  const plain = { operator: false, auditor: false };
  const clients: Record<string, Client> = {
    none: { members: [], ...plain },
    wrong: { members: [], ...plain, key: 'nobody-has-this-key' },
  };
  const add = (name: string, client: Omit<Client, 'key'>): void => {
    clients[name] = { ...client, key: `key-of-${name}` };
  };
  for (let set = 1; set < 2 ** members.length; set += 1) {
    const own = members.filter((_, at) => (set & (1 << at)) !== 0);
    add(own.join('-'), { members: own, ...plain });
  }
  for (const member of members) {
    add(`inspector-${member}`, { members: [member], operator: false, auditor: true });
    add(`chief-${member}`, { members: [member], operator: true, auditor: false });
  }
  return clients;
}

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
  body?: (member: string) => object;
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
/** Asks with a key or none. */
export function call(
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
function allowed(
  route: Route,
  { members, operator, auditor, key }: Client,
  member: string,
): readonly number[] {
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

interface Stage {
  url: string;
  /** Of each member. */
  reports: ReadonlyMap<string, string>;
  checks: ReadonlyMap<string, string>;
}

/** A gateway where each member has a report, a check of a ledger and an order. */
export async function setUpMatrix(
  t: Cleanup,
  codes: readonly string[],
  clients: Clients,
): Promise<Stage> {
  const members = codes.map((memberCode) => ({ memberCode, userCode: `${memberCode}991` }));
  const sandbox = await startTestSandbox(t, { members });
  const file = join(await temporaryFolder(), 'clients.json');
  const entries = Object.entries(clients).flatMap(([name, { key, ...client }]) =>
    client.members.length === 0 || key === undefined
      ? []
      : [{ name, ...client, keySha256: createHash('sha256').update(key).digest('hex') }],
  );
  await writeFile(file, JSON.stringify({ clients: entries }), { mode: 0o600 });
  const ordersFile = join(await temporaryFolder(), 'orders.json');
  const orders = codes.map((member) => ({
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
  const reports = new Map<string, string>();
  const checks = new Map<string, string>();
  for (const member of codes) {
    const { key } = clients[member] ?? {};
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

export interface Crossed {
  routes: number;
  clients: number;
  cells: number;
  leaks: string[];
}

/** @throws AssertionError for a route that is not named above. */
export async function crossEverything(t: Cleanup, members: readonly string[]): Promise<Crossed> {
  const clients = clientsOf(members);
  const stage = await setUpMatrix(t, members, clients);
  const found = (await routesOf(stage.url)).filter((name) => !name.startsWith('HEAD '));
  assert.deepEqual(
    found.filter((name) => !VIEWER.test(name.split(' ')[1] ?? '')).toSorted(),
    Object.keys(ROUTES).toSorted(),
    'name the new route above',
  );
  const told: Crossed = {
    routes: Object.keys(ROUTES).length,
    clients: Object.keys(clients).length,
    cells: 0,
    leaks: [],
  };
  for (const [name, route] of Object.entries(ROUTES)) {
    for (const [client, particulars] of Object.entries(clients)) {
      for (const member of members) {
        const answer = await ask(stage, [name, route], particulars, member);
        const label = `${name} × ${client} × ${member}`;
        const expected = allowed(route, particulars, member);
        if (!expected.includes(answer.status)) {
          told.leaks.push(`${label}: ${answer.status} instead of ${expected.join('|')}`);
        }
        const others = members.filter((each) => !particulars.members.includes(each));
        if (namesOneOf(others, answer, route.scope))
          told.leaks.push(`${label}: names another member`);
        told.cells += 1;
      }
    }
  }
  return told;
}

function ask(
  { url, reports, checks }: Stage,
  [name, route]: [string, Route],
  { key }: Client,
  member: string,
): Promise<Answer> {
  const [method = '', pattern = ''] = name.split(' ');
  const path = pattern
    .replace(':id', (route.scope === 'check' ? checks : reports).get(member) ?? '')
    .replace(':member', member)
    .replace(':name', member)
    .replace(':slug', 'conflict');
  const isNamed = ['named', 'audited'].includes(route.scope) && name !== 'POST /balances';
  const target = isNamed ? `${path}?member=${member}${route.query ?? ''}` : path;
  return call(url, [method, target], key, route.csv ?? route.body?.(member));
}

/** Data of a member that is not the client's, in an answer that is not the public's. */
function namesOneOf(members: readonly string[], { status, body }: Answer, scope: Scope): boolean {
  if (scope === 'public' || scope === 'common' || status >= 400) return false;
  return members.some((member) => new RegExp(`"(?:member|mbrId)":"${member}"`).test(body));
}
