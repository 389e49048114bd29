/** Keys in a real token of SoftHSM: what they sign, what is said of those that do not, and how they come back. */
import assert from 'node:assert/strict';
import { createPublicKey, verify, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { compactVerify } from 'jose';
import { pino } from 'pino';
import { systemClock } from '../../../src/lib/clock.ts';
import type { Member, Signer } from '../../../src/lib/credentials.ts';
import { SigningError, type HsmKey } from '../../../src/lib/hsm.ts';
import { createHsms, createStatements } from '../../../src/mks/index.ts';
import { MODULE, skip, startSoftHsm, type SoftHsm } from '../../support/softhsm.ts';
import { makeIdentity } from '../../support/identities.ts';
import { until } from '../../support/until.ts';

const PIN = 'pin-3302917';
let hsm: SoftHsm;
let certificate: X509Certificate;
let publicKey: X509Certificate['publicKey'];
const other = await makeIdentity();
const member: Omit<Member, 'identity' | 'memberCode'> = {
  userCode: 'TIB991',
  password: '',
  referencePrefix: 'GW',
};

test.before(async () => {
  if (skip !== false) return;
  hsm = await startSoftHsm();
  await hsm.initToken('mks', PIN);
  certificate = new X509Certificate(await hsm.makeKey('mks', PIN, 'TIB'));
  ({ publicKey } = certificate);
});

const KEY: HsmKey = { module: MODULE, tokenLabel: 'mks', keyLabel: 'TIB', pin: PIN };

function open(t: TestContext) {
  const lines: string[] = [];
  const hsms = createHsms(pino({ level: 'trace' }, { write: (line) => void lines.push(line) }));
  t.after(() => {
    hsms.close();
    assert.ok(!lines.join('').includes(PIN), 'no PIN in the log');
  });
  return { hsms, lines };
}

async function look(t: TestContext, change: Partial<HsmKey> = {}, key = publicKey) {
  const { hsms } = open(t);
  assert.equal(hsms.find({ ...KEY, ...change }, key), 'asking');
  await hsms.settled();
  return hsms.find({ ...KEY, ...change }, key);
}

async function signerOf(t: TestContext) {
  const { hsms, lines } = open(t);
  hsms.find(KEY, publicKey);
  await hsms.settled();
  const signer = hsms.find(KEY, publicKey);
  assert.ok(typeof signer === 'object' && 'sign' in signer, JSON.stringify(signer));
  return { hsms, signer, lines };
}

test('a key that never leaves its token signs what OpenSSL verifies', { skip }, async (t) => {
  const { signer } = await signerOf(t);
  for (const size of [1, 1_000, 100_000]) {
    const bytes = Buffer.alloc(size, 7);
    const signature = await signer.sign(bytes);
    assert.ok(verify('sha256', bytes, publicKey, signature));
  }
});

test('what is wrong is told by its reason', { skip }, async (t) => {
  const wrongs: [change: Partial<HsmKey>, reason: string, detail?: RegExp][] = [
    [{ module: import.meta.filename }, 'module-unusable', /./],
    [{ tokenLabel: 'other' }, 'no-token', /"mks"/],
    [{ keyLabel: 'AKY' }, 'no-key'],
    [{ pin: 'wrong-pin' }, 'pin-refused', /^CKR_PIN_INCORRECT$/],
  ];
  for (const [change, reason, detail = /^undefined$/] of wrongs) {
    const found = await look(t, change);
    assert.ok(typeof found === 'object' && 'reason' in found, reason);
    assert.equal(found.reason, reason);
    assert.match(String(found.detail), detail);
  }
  // The right PIN makes SoftHSM forget the wrong one.
  assert.ok('sign' in Object(await look(t)));
  assert.deepEqual(await look(t, {}, createPublicKey(other.privateKey)), { reason: 'other-key' });
});

test('a PIN that was refused is tried once for all keys of its token', { skip }, async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { hsms } = open(t);
  const wrong = { ...KEY, pin: 'wrong-pin' };
  hsms.find(wrong, publicKey);
  await hsms.settled();
  await until(() => children().length === 0);
  hsms.find({ ...wrong, keyLabel: 'AKY' }, publicKey);
  assert.deepEqual(children(), [], 'nobody logs in');
  await hsms.settled();
  const found = hsms.find({ ...wrong, keyLabel: 'AKY' }, publicKey);
  assert.equal(Object(found).reason, 'pin-refused');
  t.mock.timers.tick(3_600_000);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(children(), [], 'not in an hour either');
  await signerOf(t);
});

test('a token that is taken away and brought back needs nobody', { skip }, async (t) => {
  const { hsms, signer, lines } = await signerOf(t);
  let news = 0;
  hsms.onNews(() => (news += 1));
  await hsm.takeAway();
  const failures = await Promise.allSettled(Array.from({ length: 20 }, () => sign(signer)));
  for (const failure of failures) {
    assert.ok(failure.status === 'rejected' && failure.reason instanceof SigningError);
    assert.equal(failure.reason.fault, 'hsm-unavailable');
    assert.match(String(failure.reason.cause), /^HsmError: unreachable: CKR_/);
  }
  assert.equal(signer.fault(), 'hsm-unavailable');
  assert.equal(hsms.find(KEY, publicKey), signer, 'it was good, so it stays');
  assert.equal(news, 1);
  const nextTurn = new Promise((resolve) => setImmediate(resolve, 'late'));
  const refused = sign(signer).catch(() => 'refused');
  assert.equal(await Promise.race([refused, nextTurn]), 'refused', 'at once');

  await hsm.bringBack();
  await until(() => signer.fault() === undefined);
  await sign(signer);
  assert.equal(news, 2);
  const told = lines.map((line) => (JSON.parse(line) as { msg: string }).msg);
  assert.equal(told.length, 3, told.join('\n'));
  assert.match(told[1] ?? '', /^a key in an HSM does not sign: .+CKR_/);
  assert.equal(told[2], 'a key in an HSM signs');
});

test('a process that is killed or hangs costs a moment and no signature', { skip }, async (t) => {
  const { signer, hsms, lines } = await signerOf(t);
  for (const signal of ['SIGKILL', 'SIGSTOP'] as const) {
    const [pid] = children();
    assert.ok(pid !== undefined);
    process.kill(pid, signal);
    await Promise.all(Array.from({ length: 10 }, () => sign(signer)));
    assert.equal(signer.fault(), undefined, signal);
    await until(() => !children().includes(pid));
  }
  let news = 0;
  hsms.onNews(() => (news += 1));
  const told = lines.length;
  hsms.close();
  await assert.rejects(sign(signer), SigningError);
  assert.deepEqual([news, lines.length], [0, told], 'that it was closed is no trouble of its key');
  await until(() => children().length === 0);
});

test('a statement is signed by another member where a token is gone', { skip }, async (t) => {
  const { signer, hsms } = await signerOf(t);
  const inToken = { ...member, memberCode: 'TIB', identity: { certificate, signer } };
  const inFile = { ...member, memberCode: 'AKY', identity: other };
  const credentials = {
    members: new Map([inToken, inFile].map((each) => [each.memberCode, each] as const)),
    trustedCertificates: [],
  };
  const state = createStatements('test+jws', () => credentials, systemClock);
  assert.equal((await state(Buffer.from('head')))?.memberCode, 'TIB');
  hsms.close();
  const statement = await state(Buffer.from('head'));
  assert.equal(statement?.memberCode, 'AKY');
  assert.equal(statement.certificate, other.certificate);
  await compactVerify(statement.jws, other.certificate.publicKey);
  credentials.members.delete('AKY');
  assert.equal(await state(Buffer.from('head')), undefined);
});

test(
  'one login serves all keys of a token, and one that nobody names any more is let go',
  { skip },
  async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const another = new X509Certificate(await hsm.makeKey('mks', PIN, 'AKY', 2048));
    const { hsms, signer } = await signerOf(t);
    const second = { ...KEY, keyLabel: 'AKY' };
    hsms.find(second, another.publicKey);
    await hsms.settled();
    const [pid] = children();
    assert.deepEqual(children(), [pid]);
    assert.equal(hsms.find(second, another.publicKey), hsms.find(second, another.publicKey));
    hsms.keep([signer]);
    assert.equal(hsms.find(KEY, publicKey), signer);
    hsms.keep([]);
    t.mock.timers.tick(59_000);
    await sign(signer);
    assert.deepEqual(children(), [pid], 'who is asked nothing owes no answer');
    hsms.keep([]);
    t.mock.timers.tick(61_000);
    await assert.rejects(sign(signer), SigningError);
    await until(() => children().length === 0);
  },
);

const sign = (signer: Signer) => signer.sign(Buffer.from('payload'));

/** The processes that this one has started and that still run. */
function children(): number[] {
  const file = `/proc/self/task/${process.pid}/children`;
  return readFileSync(file, 'utf8').split(' ').filter(Boolean).map(Number);
}
