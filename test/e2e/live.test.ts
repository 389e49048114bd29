/** Everything that may be exchanged is exchanged under load, and no call fails. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import type { Sandbox } from '../../sandbox/index.ts';
import { temporaryFolder } from '../support/folder.ts';
import { spawnGateway, type Environment } from '../support/gateway.ts';
import { makeIdentity, type TestIdentity } from '../support/identities.ts';
import { DATE, environmentOf, startTestSandbox } from '../support/pair.ts';
import { until } from '../support/until.ts';

const STATUS = '/mks/v1/reports/async-report-status';
const keys = await Promise.all(Array.from({ length: 4 }, () => makeIdentity('localhost')));
const [firstTls, secondTls, nextKey, thirdKey] = keys as [
  TestIdentity,
  TestIdentity,
  TestIdentity,
  TestIdentity,
];

interface Called {
  status: number;
  body: string;
  /** The fingerprint of the certificate that was served. */
  served: string;
}

const keepAlive = new Agent({ keepAlive: true, rejectUnauthorized: false });

function call(url: string, key: string, path: string, body?: object, agent?: Agent) {
  return new Promise<Called>((resolve, reject) => {
    const options = {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      rejectUnauthorized: false,
      agent: agent ?? new Agent({ rejectUnauthorized: false }),
    };
    const asked = request(`${url}${path}`, options, (answer) => {
      const served = (answer.socket as TLSSocket).getPeerCertificate().fingerprint256;
      let text = '';
      answer.setEncoding('utf8').on('data', (piece: string) => (text += piece));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: text, served }));
      answer.on('error', reject);
    });
    asked.on('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
  });
}

async function setUp(t: TestContext) {
  const sandbox = await startTestSandbox(t, { dataDirectory: await temporaryFolder() });
  const folder = await temporaryFolder();
  const put = async (name: string, text: string): Promise<string> => {
    const path = join(folder, name);
    await writeFile(`${path}.new`, text, { mode: 0o600 });
    await rename(`${path}.new`, path);
    return path;
  };
  const putClients = (digests: string[]): Promise<string> =>
    put(
      'clients.json',
      JSON.stringify({ clients: [{ name: 'load', keySha256: digests, members: ['TIB'] }] }),
    );
  await put('first.key', await readFile(join(sandbox.membersFile, '../TIB/signing.key'), 'utf8'));
  await put('first.pem', await readFile(join(sandbox.membersFile, '../TIB/signing.pem'), 'utf8'));
  await put('password', await readFile(join(sandbox.membersFile, '../TIB/password'), 'utf8'));
  const environment: Environment = {
    ...environmentOf(sandbox),
    MKS_MEMBERS_FILE: await put('members.json', entry('first')),
    MKS_TRUSTED_CERTIFICATES_FILE: await put('mkk.pem', sandbox.trustedCertificatePem),
    API_CLIENTS_FILE: await putClients([digest('key-1')]),
    TLS_CERTIFICATE_FILE: await put('tls.pem', firstTls.certificatePem),
    TLS_KEY_FILE: await put('tls.key', firstTls.keyPem),
    RATE_LIMIT_PER_MINUTE: '1000000',
    LOG_LEVEL: 'info',
  };
  const gateway = await spawnGateway(t, environment);
  return { sandbox, gateway, put, putClients };
}

/** The members file, with this pair as the main one. */
function entry(name: string, next?: object): string {
  const member = {
    memberCode: 'TIB',
    userCode: 'TIB991',
    passwordFile: 'password',
    signingKeyFile: `${name}.key`,
    certificateFile: `${name}.pem`,
    ...(next && { next }),
  };
  return JSON.stringify({ members: [member] });
}

const digest = (key: string): string => createHash('sha256').update(key).digest('hex');

/** Calls with hardly a pause until told to end. */
function startLoad(url: string, apiKey: () => string) {
  const failures: string[] = [];
  const served = new Set<string>();
  let calls = 0;
  const over = new AbortController();
  const loop = async (once: () => Promise<Called>, good: number): Promise<void> => {
    while (!over.signal.aborted) {
      try {
        const { status, body, served: fingerprint } = await once();
        served.add(fingerprint);
        if (status !== good) failures.push(`${status} ${body.slice(0, 300)}`);
      } catch (error) {
        failures.push(String(error));
      }
      calls += 1;
      await sleep(35);
    }
  };
  const status = { refId: 'e7M7RhX2xUzR3uAjsb2s' };
  const balances = { processDate: DATE, refresh: true };
  const loops = [
    // A verified RP018 of MKS: signed by the member, answered by MKK.
    loop(() => call(url, apiKey(), STATUS, status), 422),
    loop(() => call(url, apiKey(), STATUS, status, keepAlive), 422),
    loop(() => call(url, apiKey(), '/balances', balances), 200),
    loop(() => call(url, apiKey(), '/balances?limit=5', undefined, keepAlive), 200),
  ];
  return {
    failures,
    served,
    calls: () => calls,
    async end() {
      over.abort();
      await Promise.all(loops);
      keepAlive.destroy();
    },
  };
}

/** The lines of the log with this text. */
const told = ({ output }: { output: string[] }, text: string): string[] =>
  output.filter((line) => line.includes(text));

const inForce = (part: string): string => `"part":"${part}","msg":"changed files are in force"`;

test('keys, certificates, MKK’s certificates, API keys and TLS change under load', async (t) => {
  const { sandbox, gateway, put, putClients } = await setUp(t);
  let apiKey = 'key-1';
  const load = startLoad(gateway.url, () => apiKey);
  const changes = async (part: string, count: number, change: () => Promise<unknown>) => {
    const before = told(gateway, inForce(part)).length;
    await change();
    await until(() => told(gateway, inForce(part)).length >= before + count);
    await sleep(300);
    assert.deepEqual(load.failures, [], `after a change of ${part}`);
  };
  await sleep(500);

  // The member's key, by `next`, and then tidied up.
  sandbox.registerCertificate('TIB', nextKey.certificatePem);
  await put('second.key', nextKey.keyPem);
  await put('second.pem', nextKey.certificatePem);
  const validFrom = new Date(Date.now() + 1_200).toISOString();
  const next = { signingKeyFile: 'second.key', certificateFile: 'second.pem', validFrom };
  await changes('credentials', 1, () => put('members.json', entry('first', next)));
  await sleep(1_200);
  await changes('credentials', 1, () => put('members.json', entry('second')));

  // Once more, in place: the key, and a moment later its certificate.
  sandbox.registerCertificate('TIB', thirdKey.certificatePem);
  await changes('credentials', 1, async () => {
    await put('second.key', thirdKey.keyPem);
    await sleep(150);
    await put('second.pem', thirdKey.certificatePem);
  });

  await exchangeMkk(sandbox, changes, put);

  // The API key, two at once for a while.
  await changes('clients', 1, () => putClients([digest('key-1'), digest('key-2')]));
  apiKey = 'key-2';
  await sleep(200);
  await changes('clients', 1, () => putClients([digest('key-2')]));
  assert.equal((await call(gateway.url, 'key-1', '/balances')).status, 401);

  await changes('tls', 1, async () => {
    await put('tls.key', secondTls.keyPem);
    await put('tls.pem', secondTls.certificatePem);
  });
  const { served } = await call(gateway.url, apiKey, '/balances');
  assert.equal(served, secondTls.certificate.fingerprint256);

  // Nothing of this can be used, so nothing changes.
  await put('members.json', entry('nowhere'));
  await put('mkk.pem', 'no certificate');
  await put('tls.pem', firstTls.certificatePem);
  await until(() => told(gateway, 'changed files are refused').length > 0);
  const [refusal = ''] = told(gateway, 'changed files are refused');
  for (const name of ['members[0].signingKeyFile', 'MKS_TRUSTED_CERTIFICATES_FILE', 'TLS_CERT']) {
    assert.ok(refusal.includes(name), `${name} in ${refusal}`);
  }
  await sleep(500);
  await load.end();
  assert.deepEqual(load.failures, []);
  assert.ok(load.calls() > 300, `${load.calls()} calls`);
  assert.equal(load.served.size, 2);
  assert.equal(sandbox.stats.members['TIB']?.logins, 1, 'one login for all of it');
  t.diagnostic(`${load.calls()} calls, ${load.failures.length} failed`);
});

/** MKK announces a certificate, signs with it some day, and the old one is taken away. */
async function exchangeMkk(
  sandbox: Sandbox,
  changes: (part: string, count: number, change: () => Promise<unknown>) => Promise<void>,
  put: (name: string, text: string) => Promise<string>,
): Promise<void> {
  const mkk = await makeIdentity('mkk.invalid');
  const both = `${sandbox.trustedCertificatePem}\n${mkk.certificatePem}`;
  await changes('credentials', 1, () => put('mkk.pem', both));
  sandbox.signWith(mkk.keyPem);
  await sleep(500);
  await changes('credentials', 1, () => put('mkk.pem', mkk.certificatePem));
}
