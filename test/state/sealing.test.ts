import assert from 'node:assert/strict';
import { generateKeyPairSync, X509Certificate, type KeyObject } from 'node:crypto';
import { test } from 'node:test';
import type { Credentials, Member, SigningIdentity } from '../../src/lib/credentials.ts';
import {
  createSealer,
  createSealingKeys,
  deriveSealingKeys,
  SealError,
} from '../../src/state/sealing.ts';
import { identity } from '../config/support.ts';

const NEXT_FROM = 1_000;
const first = signer(identity.key);
const second = signer(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);

/** Sealing looks at keys alone, so any certificate will do. */
function signer(privateKey: KeyObject): SigningIdentity {
  return { privateKey, certificate: new X509Certificate(identity.der) };
}

function member(present: SigningIdentity, next?: SigningIdentity, memberCode = 'TIB'): Member {
  return {
    memberCode,
    userCode: 'TIB991',
    password: 'unused',
    referencePrefix: 'GW',
    identity: present,
    ...(next === undefined ? {} : { next: { ...next, validFrom: NEXT_FROM } }),
  };
}

function sealerOf(...members: Member[]) {
  const keys = new Map(members.map((entry) => [entry.memberCode, deriveSealingKeys(entry, 0)]));
  return createSealer((code) => keys.get(code) ?? []);
}

test('what was sealed opens, texts and bytes, and never looks the same twice', () => {
  const sealer = sealerOf(member(first));
  for (const plaintext of ['', 'a token', 'çğıöşü €', Buffer.from([0, 255, 10])]) {
    const sealed = sealer.seal('TIB', 'token', plaintext);
    assert.match(sealed, /^v1\.[0-9a-f]{16}\.[A-Za-z0-9_-]+$/);
    assert.ok(sealer.open('TIB', 'token', sealed).equals(Buffer.from(plaintext)));
    assert.notEqual(sealed, sealer.seal('TIB', 'token', plaintext));
  }
});

test('another process with the same signing key opens it', () => {
  const sealed = sealerOf(member(first)).seal('TIB', 'token', 'text');
  assert.equal(sealerOf(member(first)).open('TIB', 'token', sealed).toString(), 'text');
});

test('it opens for no other member, purpose or key', () => {
  const sealer = sealerOf(member(first), member(first, undefined, 'AKY'));
  const sealed = sealer.seal('TIB', 'token', 'text');
  assert.throws(() => sealer.open('AKY', 'token', sealed), SealError);
  assert.throws(() => sealer.open('TIB', 'password', sealed), SealError);
  assert.throws(() => sealer.open('NIL', 'token', sealed), SealError);
  assert.throws(() => sealer.seal('NIL', 'token', 'text'), SealError);
  assert.throws(() => sealerOf(member(second)).open('TIB', 'token', sealed), SealError);
});

test('every altered byte is found out', () => {
  const sealer = sealerOf(member(first));
  const sealed = sealer.seal('TIB', 'token', 'text');
  const [version, keyId, body = ''] = sealed.split('.');
  const bytes = Buffer.from(body, 'base64url');
  for (let index = 0; index < bytes.length; index += 1) {
    const altered = Buffer.from(bytes);
    altered[index] = (altered[index] ?? 0) ^ 1;
    const text = `${version}.${keyId}.${altered.toString('base64url')}`;
    assert.throws(() => sealer.open('TIB', 'token', text), SealError);
  }
  const cut = bytes.subarray(0, -1).toString('base64url');
  for (const text of [
    '',
    'v1',
    'v1..',
    `v2.${keyId}.${body}`,
    `v1.${keyId}.${cut}`,
    `${sealed}.`,
  ]) {
    assert.throws(() => sealer.open('TIB', 'token', text), SealError);
  }
});

test('what was sealed before a change of keys opens while the old key is configured', () => {
  const before = sealerOf(member(first));
  const during = sealerOf(member(first, second));
  const after = sealerOf(member(second));
  const old = before.seal('TIB', 'token', 'old');
  assert.equal(during.open('TIB', 'token', old).toString(), 'old');
  assert.throws(() => after.open('TIB', 'token', old), SealError);
  const fresh = after.seal('TIB', 'token', 'new');
  assert.equal(during.open('TIB', 'token', fresh).toString(), 'new');
});

test('the next identity seals from its first moment on', () => {
  let now = NEXT_FROM - 1;
  const credentials: Credentials = {
    members: new Map([['TIB', member(first, second)]]),
    trustedCertificates: [],
  };
  const keysOf = createSealingKeys(() => credentials, { now: () => now, elapsedMs: () => 0 });
  const sealer = createSealer(keysOf);
  const [presentKey] = deriveSealingKeys(member(first), 0);
  const [nextKey] = deriveSealingKeys(member(second), 0);
  const old = sealer.seal('TIB', 'token', 'text');
  assert.equal(old.split('.')[1], presentKey?.id);
  assert.equal(keysOf('TIB'), keysOf('TIB'));
  now = NEXT_FROM;
  assert.equal(sealer.seal('TIB', 'token', 'text').split('.')[1], nextKey?.id);
  assert.equal(sealer.open('TIB', 'token', old).toString(), 'text');
  assert.deepEqual(keysOf('NIL'), []);
});

test('a fingerprint tells secrets apart, and members and purposes too', () => {
  const sealer = sealerOf(member(first), member(second, undefined, 'AKY'));
  const printOf = (code: string, purpose: string, secret: string): string =>
    sealer.fingerprints(code, purpose, secret).join();
  const print = printOf('TIB', 'password', 'Sw0rd!');
  assert.equal(print, printOf('TIB', 'password', 'Sw0rd!'));
  assert.equal(Buffer.from(print, 'base64url').length, 32);
  assert.notEqual(print, printOf('TIB', 'password', 'Sw0rd?'));
  assert.notEqual(print, printOf('TIB', 'other', 'Sw0rd!'));
  assert.notEqual(print, printOf('AKY', 'password', 'Sw0rd!'));
  assert.throws(() => printOf('NIL', 'password', 'Sw0rd!'), SealError);
});

function printsOf(...identities: [SigningIdentity, SigningIdentity?]): string[] {
  return sealerOf(member(...identities)).fingerprints('TIB', 'password', 'Sw0rd!');
}

test('fingerprints of before and after a change of keys meet while both are configured', () => {
  const [old, fresh] = [printsOf(first), printsOf(second)];
  assert.deepEqual(printsOf(first, second), [...old, ...fresh]);
  assert.notDeepEqual(old, fresh);
});

test('exchanged credentials count at once, in the right order', () => {
  let present = member(first);
  const credentials = (): Credentials => ({
    members: new Map([['TIB', present]]),
    trustedCertificates: [],
  });
  const clock = { now: () => NEXT_FROM, elapsedMs: () => 0 };
  const keysOf = createSealingKeys(credentials, clock);
  const idsOf = (...identities: SigningIdentity[]): (string | undefined)[] =>
    identities.map((one) => deriveSealingKeys(member(one), 0)[0]?.id);
  const ids = (): string[] => keysOf('TIB').map(({ id }) => id);
  assert.deepEqual(ids(), idsOf(first));
  present = member(first, second);
  assert.deepEqual(ids(), idsOf(second, first));
  present = member(second);
  assert.deepEqual(ids(), idsOf(second));
  // The same identity in another place: as after `next` has been made the present one.
  present = member(second, first);
  assert.deepEqual(ids(), idsOf(first, second));
});
