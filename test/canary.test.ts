/**
 * Secrets and balances stay where they belong: canaries are sent through every route and every
 * failure that the sandbox knows, at the most talkative log level, and looked for in all that is left.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { deflateRawSync, zstdCompressSync } from 'node:zlib';
import type { Fault } from '../sandbox/index.ts';
import { loadConfiguration } from '../src/config.ts';
import { systemClock } from '../src/lib/clock.ts';
import { fromFields } from '../src/reports/record.ts';
import { createRedis } from '../src/state/connection.ts';
import { createSealer } from '../src/state/sealing.ts';
import { contentsOf, scan, type Canaries } from './support/canary.ts';
import {
  random,
  REDIS_PASSWORD,
  PROXY_PASSWORD,
  PASSPHRASE,
  API_KEY,
  CALLERS_ZIP_PASSWORD,
  LEDGER_PASSWORD,
  FILTERED_ACCOUNT,
  MEMBERS,
  setStage,
  signingKeyOf,
  type MemberEntry,
  type Stage,
} from './support/canary-stage.ts';
import { spawnGateway, type Environment, type GatewayProcess } from './support/gateway.ts';
import { DATE } from './support/pair.ts';
import type { TestRedis } from './support/redis.ts';

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
function sender({ bodies }: Stage, url: string): Send {
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
const fresh = (more: object = {}): Ask =>
  post({ member: 'TIB', processDate: DATE, refresh: true, ...more });

/** Reports in every format, and everything that can be asked about one. */
async function goEveryWay(send: Send): Promise<void> {
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
async function knockEverywhere(send: Send, password: string): Promise<number> {
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

/** Every failure, at every service that it can strike, until the report gives up. */
async function failEveryWay({ sandbox }: Stage, send: Send): Promise<number> {
  const kinds: Omit<Fault, 'service' | 'member'>[] = [
    ...FAULTS.map((name) => ({ name, times: -1, ms: 600 })),
    ...CODES.map((code) => ({ name: 'code' as const, code, times: -1 })),
  ];
  const faults = kinds.flatMap((kind) => SERVICES.map((service) => ({ ...kind, service })));
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
async function startWrongly(t: TestContext, { environment, logs }: Stage): Promise<void> {
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

/** Every secret that was in play, those too that were made on the way. */
async function gatherCanaries(stage: Stage): Promise<Canaries> {
  const { sandbox, environment } = stage;
  const { credentials, sealingKeys } = loadConfiguration(environment, systemClock);
  const desk = credentials.members.get('TIB');
  assert.ok(desk !== undefined);
  const der = signingKeyOf('TIB', sandbox.membersFile).export({ type: 'pkcs8', format: 'der' });
  const sealer = createSealer(() => sealingKeys);
  const spoolKeys: Buffer[] = [];
  const zipPasswords: string[] = [];
  await withRedis(stage.redis, async (redis) => {
    for (const key of await redis.keys('mks:report:*')) {
      const { id, member, secret } = fromFields(await redis.hgetall(key)) ?? {};
      if (id === undefined || member === undefined || secret === undefined) continue;
      const opened = sealer.open(member, `report ${id}`, secret);
      const { spoolKey, zipPassword } = JSON.parse(opened.toString()) as Record<string, string>;
      spoolKeys.push(Buffer.from(spoolKey ?? '', 'base64'));
      zipPasswords.push(zipPassword ?? '');
    }
  });
  const recorded = stage.recorded();
  const tokens = [...recorded.matchAll(/"token":"([^"]+)"/g)].map((match) => match[1] ?? '');
  for (const [, payload = ''] of recorded.matchAll(/\beyJ[\w-]+\.([\w-]{40,})\./g)) {
    const text = Buffer.from(payload, 'base64url').toString();
    const [, password] = /"zipPassword":"([^"]+)"/.exec(text) ?? [];
    if (password !== undefined && password !== CALLERS_ZIP_PASSWORD) zipPasswords.push(password);
  }
  const rows = [...sandbox.expectedRows({ member: 'TIB', processDate: DATE })];
  const row = rows.find(({ mbrAccNo, subAccCode }) => mbrAccNo.length > 9 && subAccCode !== 'SERB');
  assert.ok(row !== undefined && tokens.length > 0, 'there is something to look for');
  assert.ok(spoolKeys.length > 1 && zipPasswords.length > 50, `${zipPasswords.length}`);
  const { subAccCode } = row;
  return new Map<string, (string | Buffer)[]>([
    // Pieces of it, for a shape may break its lines; behind the modulus, which every certificate bears.
    ['signing key', [400, 600, 800].map((at) => der.subarray(at, at + 24))],
    ['passphrase', [PASSPHRASE]],
    ['MKS password', [desk.password]],
    ['token', tokens.flatMap((token) => token.split('.').slice(1))],
    ['zip password', [...new Set(zipPasswords)].slice(-40)],
    ["caller's zip password", [CALLERS_ZIP_PASSWORD]],
    ["a ledger's zip password", [LEDGER_PASSWORD]],
    ['API key', [API_KEY]],
    ['amount', ['12345678901234567', '100000000000000000000']],
    ['account', [row.mbrAccNo]],
    ['sub-account', [`"${subAccCode}"`, `,${subAccCode},`, `;${subAccCode};`]],
    ['filtered account', [FILTERED_ACCOUNT]],
    ['sealing key', sealingKeys.map(({ secret }) => secret)],
    ['spool key', spoolKeys],
    ['proxy password', [PROXY_PASSWORD]],
    ['Redis password', [REDIS_PASSWORD]],
  ]);
}

async function withRedis<T>(
  { url }: TestRedis,
  work: (redis: ReturnType<typeof createRedis>) => Promise<T>,
): Promise<T> {
  const redis = createRedis(url, 'blocking');
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

/** Redis's files as they lie on its disk: AOF and dump. */
async function redisFiles(redis: TestRedis): Promise<{ aof: Buffer[]; rdb: Buffer[] }> {
  const folder = await withRedis(redis, async (connection) => {
    await connection.save();
    const [, directory = ''] = (await connection.config('GET', 'dir')) as string[];
    return directory;
  });
  return {
    aof: contentsOf(join(folder, 'appendonlydir')),
    rdb: [readFileSync(join(folder, 'dump.rdb'))],
  };
}

async function end(gateway: GatewayProcess, stage: Stage): Promise<void> {
  gateway.kill('SIGTERM');
  await gateway.ended;
  stage.logs.push(Buffer.from(gateway.output.join('\n')));
}

test('no secret and no balance leaves its place, whatever happens', async (t) => {
  const stage = await setStage(t);
  const { sandbox, redis, environment, bodies } = stage;
  const password = sandbox.members.get('TIB')?.password ?? '';
  await startWrongly(t, stage);

  const gateway = await spawnGateway(t, environment);
  const send = sender(stage, gateway.url);
  await goEveryWay(send);
  const requests = await knockEverywhere(send, password);
  const failures = await failEveryWay(stage, send);
  // A planted one: the log and the problem tell paths, so it has to be found there.
  const planted = random();
  await send(`/balances/${planted}`);
  await redis.kill();
  for (const path of ['/balances', '/health/ready', '/members', '/exchanges']) await send(path);
  await send('/balances', fresh());
  await redis.restart();
  await send('/metrics');
  await end(gateway, stage);

  const second = await spawnGateway(t, { ...environment, LOG_LEVEL: 'debug' });
  const again = sender(stage, second.url);
  await withRedis(redis, (connection) => connection.del('mks:token:TIB'));
  sandbox.faults.arm({ name: 'wrong-login', times: -1 });
  await again('/balances', fresh());
  await again('/members');
  sandbox.faults.clear();
  await again('/metrics');
  await end(second, stage);

  const canaries = await gatherCanaries(stage);
  const { aof, rdb } = await redisFiles(redis);
  const outside = new Map([['log', stage.logs], ...bodies]);
  const atRest = new Map([
    ['AOF', aof],
    ['RDB', rdb],
    ['DATA_DIR', contentsOf(stage.dataDir)],
  ]);
  const bytes = [...outside.values(), ...atRest.values()].flat().reduce((n, b) => n + b.length, 0);
  t.diagnostic(
    `${canaries.size} canaries, ${requests} requests, ${failures} failures, ${bytes} bytes searched`,
  );
  // What a caller filters by is part of the request, which rests as it is.
  const resting: Canaries = new Map(canaries);
  resting.delete('filtered account');
  assert.deepEqual([...scan(canaries, outside), ...scan(resting, atRest)], []);

  await t.test('and each of them would have been found', async () => {
    const found = scan(new Map([['planted', [planted]]]), outside);
    assert.deepEqual(found, ['planted in log', 'planted in problems']);
    for (const [name, [secret = '']] of canaries) {
      await withRedis(redis, (connection) => connection.set(`planted:${name}`, secret));
    }
    const files = await redisFiles(redis);
    const spool = join(stage.dataDir, 'spool');
    const all = Buffer.concat([...canaries.values()].map(([secret = '']) => Buffer.from(secret)));
    const names = [...canaries.keys()];
    for (const shape of [all, deflateRawSync(all), zstdCompressSync(all)]) {
      writeFileSync(join(spool, 'planted'), Buffer.concat([shape]));
      const hits = scan(canaries, new Map([['DATA_DIR', contentsOf(stage.dataDir)]]));
      assert.equal(hits.length, names.length, hits.join('; '));
    }
    const text = all.toString('base64');
    const places = new Map<string, Buffer[]>([
      ['AOF', files.aof],
      ['RDB', files.rdb],
      ...[...outside].map(([place, contents]): [string, Buffer[]] => [
        place,
        [...contents, Buffer.from(`{"value":"${text}"}`)],
      ]),
    ]);
    const hits = scan(canaries, places);
    assert.equal(hits.length, names.length * places.size, hits.join('; '));
  });
});
