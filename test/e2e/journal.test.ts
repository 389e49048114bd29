/** The journal and the evidence end to end: sandbox, gateway, `npm run evidence`. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Evidence, Exchange } from '../../cli/evidence/document.ts';
import { checksumOf } from '../../cli/evidence/document.ts';
import { withBrokenKey } from '../support/broken-key.ts';
import { inherited } from '../support/inherited.ts';
import { temporaryFolder } from '../support/folder.ts';
import { makeIdentity } from '../support/identities.ts';
import { DATE, rowsOf, startPair, type Pair } from '../support/pair.ts';

const CLI = join(import.meta.dirname, '../../cli/mks-gateway.js');

async function exchangesOf({ get }: Pair, query = ''): Promise<Exchange[]> {
  const response = await get(`/exchanges?limit=200${query}`);
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return (JSON.parse(text) as { items: Exchange[] }).items;
}

/** Not in step with the test: the gateway that it asks lives in this process. */
function run(args: string[], environment: Record<string, string> = {}) {
  return new Promise<{ code: number; output: string; errors: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      [CLI, 'evidence', ...args],
      { env: { PATH: process.env['PATH'], LANG: 'C', ...inherited, ...environment } },
      (_error, output, errors) => resolve({ code: child.exitCode ?? -1, output, errors }),
    );
  });
}

const call = (pair: Pair, service: string, body: object, headers: Record<string, string> = {}) =>
  fetch(`${pair.url}/mks/v1/${service}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

test('a report leaves its exchanges in the journal, its polls as one entry', async (t) => {
  const pair = await startPair(t, { prepareSeconds: 1.5 });
  const { refId } = await rowsOf(await pair.ask({ processDate: DATE }));
  const items = await exchangesOf(pair);
  const services = items.map(({ service, code }) => `${service} ${code ?? ''}`).toReversed();
  const polls = items.find(({ count }) => count > 1);
  assert.deepEqual(services, [
    'auth ',
    'reports/account/balance-report 0000',
    `reports/async-report-status ${polls?.code}`,
    'reports/async-report-status 0000',
    'reports/async-report-content ',
  ]);
  const asked = pair.sandbox.log.filter(({ path }) => path.endsWith('async-report-status'));
  assert.equal(polls?.count, asked.length - 1);
  assert.ok(polls.count >= 3 && polls.lastTime > polls.time);
  for (const item of items) {
    assert.equal(item.member, 'TIB');
    assert.equal(item.outcome, 'answered');
    assert.match(item.requestDigest, /^[0-9a-f]{64}$/);
    const isSigned = item.code !== undefined;
    assert.equal(item.answer !== undefined, isSigned);
    if (item.service !== 'auth') assert.equal(item.client, 'local');
    if (/status|content/.test(item.service)) assert.equal(item.refId, refId);
  }
  const [first] = items;
  assert.deepEqual(await exchangesOf(pair, `&senderReference=${first?.senderReference}`), [first]);
});

test('the pass-through answers with the very text that MKK signed', async (t) => {
  const pair = await startPair(t);
  const body = { issuerMemberCode: 'TRISP', processDate: '20230606', opStat: 'KO' };
  const response = await call(pair, 'yf/getMfundTradeDetails', body);
  const text = await response.text();
  const reference = response.headers.get('sender-reference') ?? '';
  const [entry] = await exchangesOf(pair, `&senderReference=${reference}`);
  const signed = Buffer.from(entry?.answer?.split('.')[1] ?? '', 'base64url').toString();
  assert.equal(text, signed);
});

test('a message without an answer is told as unknown, a refused one as what it is', async (t) => {
  const pair = await startPair(t);
  pair.sandbox.faults.arm({ name: 'reset-after', service: 'async-report-status' });
  const lost = await call(pair, 'reports/async-report-status', { refId: 'X' });
  assert.equal(lost.status, 504);
  const reference = lost.headers.get('sender-reference') ?? '';
  const again = await call(
    pair,
    'reports/async-report-status',
    { refId: 'X' },
    { 'sender-reference': reference },
  );
  const items = await exchangesOf(pair, `&senderReference=${reference}`);
  assert.equal(items.at(-1)?.outcome, 'unknown');
  assert.equal(items.at(-1)?.answer, undefined);
  if (again.status !== 409) assert.equal(items.length, 2);
  const { code, output, errors } = await run(
    [
      '--member',
      'TIB',
      '--reference',
      'GW0-NOTHING',
      '--certificates',
      pair.sandbox.trustedCertificateFile,
    ],
    { MKS_GATEWAY_URL: pair.url },
  );
  assert.deepEqual([code, output], [1, '']);
  assert.match(errors, /no exchange/);
});

test('evidence is made with the gateway and proved without it; a changed file fails', async (t) => {
  const pair = await startPair(t);
  const folder = await temporaryFolder();
  const answered = await call(pair, 'reports/async-report-status', { refId: 'UNKNOWN' });
  assert.equal(answered.status, 422);
  const reference = answered.headers.get('sender-reference') ?? '';
  const file = join(folder, 'evidence.json');
  const certificates = pair.sandbox.trustedCertificateFile;
  const environment = { MKS_GATEWAY_URL: pair.url, MKS_TRUSTED_CERTIFICATES_FILE: certificates };
  const made = await run(['--member', 'TIB', '--reference', reference, '--out', file], environment);
  assert.equal(made.code, 0, made.errors + made.output);
  assert.equal((await stat(file)).mode & 0o777, 0o600);

  const evidence = JSON.parse(await readFile(file, 'utf8')) as Evidence;
  const [sent] = pair.sandbox.log.filter((entry) => entry.reference === reference);
  assert.equal(evidence.exchange.senderReference, reference);
  assert.equal(evidence.exchange.code, 'RP018');
  assert.equal(evidence.request.sha256, sent?.bodySha256);
  const { fingerprint256 } = new X509Certificate(pair.sandbox.trustedCertificatePem);
  assert.equal(evidence.certificates[0]?.fingerprint, fingerprint256);

  // No gateway, no Redis, no network from here on.
  const proved = await run(['--verify', file]);
  assert.equal(proved.code, 0, proved.errors + proved.output);
  for (const part of [/^PROVED/, new RegExp(reference), new RegExp(fingerprint256), /RP018/]) {
    assert.match(proved.output, part);
  }
  const turkish = await run(['--verify', file, '--certificates', certificates], {
    LANG: 'tr_TR.UTF-8',
  });
  assert.equal(turkish.code, 0);
  assert.match(turkish.output, /^KANITLANDI/);

  await changesFail(folder, evidence);
  const other = await makeIdentity();
  const otherFile = join(folder, 'other.pem');
  await writeFile(otherFile, other.certificatePem);
  const untrusted = await run(['--verify', file, '--certificates', otherFile]);
  assert.equal(untrusted.code, 1);
  assert.match(untrusted.output, /none of those given/);
  const unproved = await run(
    ['--member', 'TIB', '--reference', reference, '--out', join(folder, 'b.json')],
    { ...environment, MKS_TRUSTED_CERTIFICATES_FILE: otherFile },
  );
  assert.equal(unproved.code, 1);
  assert.match(unproved.output, /^NOT PROVED: the signature/);
});

/** What a hand could change, first carelessly, then with the checksums made anew. */
async function changesFail(folder: string, evidence: Evidence): Promise<void> {
  const { jws } = evidence.answer;
  const [header = '', payload = '', signature = ''] = jws.split('.');
  const text = Buffer.from(payload, 'base64url').toString();
  const other = await makeIdentity();
  const encode = (value: string) => Buffer.from(value).toString('base64url');
  const forged = (answer: string): Evidence => ({
    ...evidence,
    answer: { jws: answer, sha256: createHash('sha256').update(answer).digest('hex') },
  });
  const flipped = signature.startsWith('A') ? `B${signature.slice(1)}` : `A${signature.slice(1)}`;
  const changes: [name: string, changed: Evidence, reason: RegExp, evenResealed: boolean][] = [
    [
      'payload',
      forged(`${header}.${encode(text.replace('RP018', '0000'))}.${signature}`),
      /signature/,
      true,
    ],
    ['signature', forged(`${header}.${payload}.${flipped}`), /signature/, true],
    ['none', forged(`${encode('{"alg":"none"}')}.${payload}.${signature}`), /RSA/, true],
    ['no signature', forged(`${header}.${payload}.`), /JWS/, true],
    [
      'crit',
      forged(`${encode('{"alg":"RS256","crit":["b64"],"b64":false}')}.${payload}.${signature}`),
      /JWS/,
      true,
    ],
    [
      'reference',
      { ...evidence, exchange: { ...evidence.exchange, senderReference: 'GW1-OTHER' } },
      /senderReference/,
      true,
    ],
    ['code', { ...evidence, exchange: { ...evidence.exchange, code: '0000' } }, /code/, true],
    [
      'messageId',
      { ...evidence, exchange: { ...evidence.exchange, messageId: '1' } },
      /messageId/,
      true,
    ],
    [
      'certificate',
      {
        ...evidence,
        certificates: [
          { ...evidence.certificates[0], pem: other.certificatePem } as Evidence['certificates'][0],
        ],
      },
      /signature/,
      true,
    ],
    [
      'its key',
      {
        ...evidence,
        certificates: evidence.certificates.map((each) => ({
          ...each,
          pem: withBrokenKey(new X509Certificate(each.pem)).toString(),
        })),
      },
      /signature/,
      true,
    ],
    ['digest', { ...evidence, request: { sha256: '00'.repeat(32) } }, /checksum/, false],
    [
      'time',
      { ...evidence, exchange: { ...evidence.exchange, time: '2020-01-01T00:00:00.000+03:00' } },
      /checksum/,
      false,
    ],
    ['no certificates', { ...evidence, certificates: [] }, /signature/, true],
  ];
  for (const [name, changed, reason, evenResealed] of changes) {
    const sealings = evenResealed ? [changed.sha256, checksumOf(changed)] : [changed.sha256];
    for (const sha256 of sealings) {
      const file = join(folder, 'changed.json');
      await writeFile(file, JSON.stringify({ ...changed, sha256 }));
      const { code, output, errors } = await run(['--verify', file]);
      assert.equal(code, 1, `${name}: ${output}${errors}`);
      assert.match(output, /^NOT PROVED/, name);
      assert.match(output, reason, name);
    }
  }
  for (const damaged of ['', '{}', '[]', 'null', '{"format":"mks-gateway evidence 1"}']) {
    const file = join(folder, 'changed.json');
    await writeFile(file, damaged);
    assert.equal((await run(['--verify', file])).code, 1, damaged);
  }
}

test('mistakes in the use of it are named', async () => {
  for (const args of [
    [],
    ['--member', 'TIB'],
    ['--what'],
    ['--member', 'TIB', '--reference', 'A'],
  ]) {
    const { code, errors } = await run(args);
    assert.equal(code, 2, args.join(' '));
    assert.match(errors, /Usage/);
  }
  assert.equal((await run(['--verify', '/nowhere/evidence.json'])).code, 1);
});
