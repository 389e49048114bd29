/** The ways of the canaries: every route, and every failure that the sandbox knows. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cleanup } from './cleanup.ts';
import type { Fault } from '../../sandbox/index.ts';
import {
  API_KEY,
  CALLERS_ZIP_PASSWORD,
  FILTERED_ACCOUNT,
  LEDGER_PASSWORD,
  MEMBERS,
  type MemberEntry,
  PASSPHRASE,
  PROXY_PASSWORD,
  random,
  REDIS_PASSWORD,
  type Stage,
} from './canary-stage.ts';
import { spawnGateway, type Environment } from './gateway.ts';
import { DATE } from './pair.ts';

/** Where they strike; those of one service are met there, all others at each of these. */
const SERVICES = ['balance-report', 'async-report-status', 'async-report-content'] as const;
const FAULTS: Fault['name'][] = [
  ...(['reset-before', 'token-revoked', 'unauthorized', 'unsigned-failure', 'html-500'] as const),
  ...(['xml-fault', 'too-many-requests', 'truncated-archive', 'corrupted-archive'] as const),
  ...(['wrong-password', 'two-entries', 'path-in-name', 'not-a-zip'] as const),
  ...(['jws-as-octet-stream', 'unsigned-success', 'missing-sender-reference'] as const),
  ...(['no-ref-id', 'no-file-names', 'wrong-signer', 'alg-none', 'hs256'] as const),
  ...(['tampered-payload', 'other-answer', 'crit-header', 'b64-header', 'jwk-in-header'] as const),
  ...(['no-answer', 'reset-after', 'drip', 'empty-body', 'endless-headers'] as const),
  ...(['connection-close', 'reset-midway', 'delay'] as const),
];
const CODES = ['RP018', 'RP025', 'RP045', 'RP048', 'OI012', 'OI031', 'SYS0'];

type Ask = Omit<RequestInit, 'headers'> & { headers?: Record<string, string> };
type Send = (path: string, options?: Ask) => Promise<Response>;

/** Sends a request with the key unless told otherwise, and keeps what is not a good answer's body. */
export function sender({ bodies }: Stage, url: string): Send {
  return async (path, options = {}) => {
    const headers = { authorization: `Bearer ${API_KEY}`, ...options.headers };
    const response = await fetch(url + path, { ...options, headers, redirect: 'manual' });
    const content = await response
      .clone()
      .arrayBuffer()
      .catch(() => new ArrayBuffer());
    const head = Buffer.from(JSON.stringify([...response.headers]));
    const kind = path.startsWith('/metrics') ? 'metrics' : 'openapi';
    const isDocument = path.startsWith('/metrics') || path.startsWith('/openapi');
    if (!response.ok || isDocument) {
      bodies.get(isDocument ? kind : 'problems')?.push(head, Buffer.from(content));
    } else {
      bodies.get('problems')?.push(head);
    }
    return response;
  };
}

const post = (body: unknown, headers: Record<string, string> = {}): Ask => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', prefer: 'wait=5', ...headers },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
export const fresh = (more: object = {}): Ask =>
  post({ member: 'TIB', processDate: DATE, refresh: true, ...more });

/** Reports in every format, and everything that can be asked about one. */
export async function goEveryWay(send: Send): Promise<void> {
  const first = await send('/balances', post({ member: 'TIB', processDate: DATE }));
  assert.equal(first.status, 200, await first.text());
  const location = first.headers.get('location') ?? '';
  const second = await send('/balances', post({ member: 'TIB', processDate: '20260303' }));
  assert.equal(second.status, 200);
  for (const accept of ['application/json', 'application/x-ndjson', 'text/csv']) {
    assert.equal((await send(`${location}/rows`, { headers: { accept } })).status, 200);
  }
  await send(`${location}/rows?dialect=excel-tr`, { headers: { accept: 'text/csv' } });
  await send(`${location}/file`);
  await send(`${location}/events`);
  await send('/trail?limit=200');
  await send(`/balances/changes?member=TIB&from=${DATE}&to=20260303`);
  const ledger =
    'mbrAccNo,subAccCode,isin,balanceAmount\n1,SERB,TRAGARAN91N1,12345678901234567.123\n';
  for (const body of [ledger, `${ledger}${ledger.split('\n')[1]},x,y\n"`]) {
    await send(`/balances/check?member=TIB&processDate=${DATE}&ledger=own`, {
      ...post(body, { 'content-type': 'text/csv' }),
    });
  }
  await send(`/balances/check?member=TIB&processDate=${DATE}&ledger=own`, {
    ...post(ledger, { 'content-type': 'application/zip', 'ledger-password': LEDGER_PASSWORD }),
  });
  const checks = await send('/balances/checks?member=TIB&limit=1');
  const { items } = (await checks.json()) as { items: { id: string }[] };
  const read = await send(`/balances/checks/${items[0]?.id}`, { headers: { accept: 'text/csv' } });
  assert.equal(read.status, 200);
  await send('/balances', fresh({ accNo: FILTERED_ACCOUNT }));
  // Somebody who goes away in the middle.
  const leaving = new AbortController();
  const left = send('/balances', { ...fresh(), signal: leaving.signal }).catch(() => undefined);
  setTimeout(() => leaving.abort(), 50);
  await left;

  const services = {
    'reports/account/balance-report': {
      processDate: DATE,
      fileType: 'json',
      zipPassword: CALLERS_ZIP_PASSWORD,
    },
    'reports/async-report-status': { refId: random() },
    'reports/async-report-content': { refId: random(), fileName: 'MKK_RP166_20260302.zip' },
    'yf/getMfundTradeDetails': {
      issuerMemberCode: 'TRISP',
      processDate: DATE,
      opStat: 'KO',
    },
  };
  for (const [service, body] of Object.entries(services)) {
    await send(`/mks/v1/${service}?member=TIB`, post(body));
  }
}

/** Every path and method of the OpenAPI document, right and wrong, with secrets in odd places. */
export async function knockEverywhere(send: Send, password: string): Promise<number> {
  const document = (await (await send('/openapi.json')).json()) as {
    paths: Record<string, Record<string, unknown>>;
  };
  const list = (await (await send('/balances?member=TIB&state=ready')).json()) as {
    items: { id: string }[];
  };
  const id = list.items[0]?.id ?? '';
  let requests = 0;
  for (const [template, methods] of Object.entries(document.paths)) {
    const path = template
      .replace('{id}', id)
      .replace('{member}', 'TIB')
      .replace(/\{[^}]*\}/g, 'unknown');
    for (const method of Object.keys(methods).map((name) => name.toUpperCase())) {
      const secret = { password, key: API_KEY, passphrase: PASSPHRASE, processDate: password };
      const headers = { 'content-type': 'application/json', prefer: 'wait=0' };
      const body = method === 'POST' ? { body: JSON.stringify(secret) } : {};
      const variants: Ask[] = [
        { method, headers },
        { method, headers, ...body },
        { method, headers: { ...headers, authorization: `Basic ${API_KEY}` } },
        { method, headers: { ...headers, authorization: `Bearer ${API_KEY}x` } },
        { method, headers: { ...headers, accept: `text/${random()}`, prefer: API_KEY } },
        { method, headers, ...(method === 'POST' && { body: `{"password":"${password}"` }) },
      ];
      for (const variant of variants) {
        await send(path, { ...variant, signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
        requests += 1;
      }
      await send(`${path}?key=${API_KEY}&password=${encodeURIComponent(password)}`, {
        method,
        headers,
        signal: AbortSignal.timeout(5_000),
      }).catch(() => undefined);
      requests += 1;
    }
  }
  return requests;
}

/**
 * Every failure, until the report gives up.
 * @param isEverywhere at every service that it can strike; else at one each, another for the next.
 */
export async function failEveryWay(
  { sandbox }: Stage,
  send: Send,
  isEverywhere: boolean,
): Promise<number> {
  const kinds: Omit<Fault, 'service' | 'member'>[] = [
    ...FAULTS.map((name) => ({ name, times: -1, ms: 600 })),
    ...CODES.map((code) => ({ name: 'code' as const, code, times: -1 })),
  ];
  const faults = kinds.flatMap((kind, at) =>
    SERVICES.filter((_, n) => isEverywhere || n === at % SERVICES.length).map((service) => ({
      ...kind,
      service,
    })),
  );
  const meet = async ({ service, member }: { service: string; member: string }): Promise<void> => {
    const asks = [
      send('/balances', { ...fresh({ member }), signal: AbortSignal.timeout(15_000) }),
      send(`/mks/v1/reports/${service}?member=${member}`, post({ refId: random() })),
    ];
    await Promise.allSettled(asks);
  };
  for (let at = 0; at < faults.length; at += MEMBERS.length) {
    const round = faults.slice(at, at + MEMBERS.length);
    const struck = round.map((fault, lane) => ({ ...fault, member: MEMBERS[lane] ?? '' }));
    for (const fault of struck) sandbox.faults.arm(fault);
    await Promise.all(struck.map(meet));
    sandbox.faults.clear();
  }
  return faults.length;
}

/** Gateways that cannot start, each with a secret where something else belongs. */
export async function startWrongly(t: Cleanup, { environment, logs }: Stage): Promise<void> {
  const membersFile = environment['MKS_MEMBERS_FILE'] ?? '';
  const folder = join(membersFile, '..');
  const members = JSON.parse(readFileSync(membersFile, 'utf8')) as { members: MemberEntry[] };
  const swapped = {
    ...members.members[0],
    signingKeyPassphraseFile: members.members[0]?.['passwordFile'] ?? '',
    passwordFile: 'passphrase',
  };
  const wrongFile = join(folder, 'swapped.json');
  writeFileSync(wrongFile, JSON.stringify({ members: [swapped] }), { mode: 0o600 });
  const wrongs: Environment[] = [
    { MKS_MEMBERS_FILE: wrongFile },
    {
      MKS_MEMBERS_FILE: join(folder, 'passphrase'),
      MKS_CA_FILE: join(folder, 'TIB.encrypted.key'),
    },
    { API_CLIENTS_FILE: join(folder, members.members[0]?.['passwordFile'] ?? '') },
    { REDIS_URL: `rediss:/gateway:${REDIS_PASSWORD}@` },
    { MKS_PROXY_URL: `ftp://desk:${PROXY_PASSWORD}@proxy` },
    { MKS_BASE_URL: `https://desk:${PROXY_PASSWORD}@mks` },
  ];
  for (const wrong of wrongs) {
    await assert.rejects(spawnGateway(t, { ...environment, ...wrong }), (error: Error) => {
      logs.push(Buffer.from(error.message));
      return true;
    });
  }
}
