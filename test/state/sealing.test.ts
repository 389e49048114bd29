import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSealer, SealError, type SealingSecret } from '../../src/state/sealing.ts';
import { sealingSecret } from '../support/sealing.ts';

const first = sealingSecret('first');
const second = sealingSecret('second');
const sealerOf = (...secrets: SealingSecret[]) => createSealer(() => secrets);

test('what was sealed opens, texts and bytes, and never looks the same twice', () => {
  const sealer = sealerOf(first);
  for (const plaintext of ['', 'a token', 'çğıöşü €', Buffer.from([0, 255, 10])]) {
    const sealed = sealer.seal('TIB', 'token', plaintext);
    assert.match(sealed, /^v2\.first\.[A-Za-z0-9_-]+$/);
    assert.ok(sealer.open('TIB', 'token', sealed).equals(Buffer.from(plaintext)));
    assert.notEqual(sealed, sealer.seal('TIB', 'token', plaintext));
  }
});

test('another process with the same key opens it', () => {
  const sealed = sealerOf(first).seal('TIB', 'token', 'text');
  const read = { id: 'first', secret: Buffer.from(first.secret) };
  assert.equal(sealerOf(read).open('TIB', 'token', sealed).toString(), 'text');
});

test('it opens for no other member, purpose or key', () => {
  const sealer = sealerOf(first);
  const sealed = sealer.seal('TIB', 'report 1', 'text');
  assert.throws(() => sealer.open('AKY', 'report 1', sealed), SealError);
  assert.throws(() => sealer.open('TIB', 'report 2', sealed), SealError);
  assert.throws(() => sealer.open('TIB', 'token', sealed), SealError);
  assert.throws(() => sealerOf(second).open('TIB', 'report 1', sealed), SealError);
  const impostor = { ...second, id: 'first' };
  assert.throws(() => sealerOf(impostor).open('TIB', 'report 1', sealed), SealError);
  assert.throws(() => sealerOf().seal('TIB', 'report 1', 'text'), SealError);
});

test('every altered byte is found out', () => {
  const sealer = sealerOf(first);
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
    'v2',
    'v2..',
    `v1.${keyId}.${body}`,
    `v2.${keyId}.${cut}`,
    `${sealed}.`,
  ]) {
    assert.throws(() => sealer.open('TIB', 'token', text), SealError);
  }
});

test('the first key seals, all open, and a change of them counts at once', () => {
  let present = [first];
  const sealer = createSealer(() => present);
  const old = sealer.seal('TIB', 'token', 'old');
  present = [second, first];
  const fresh = sealer.seal('TIB', 'token', 'new');
  assert.match(fresh, /^v2\.second\./);
  assert.equal(sealer.open('TIB', 'token', old).toString(), 'old');
  present = [second];
  assert.equal(sealer.open('TIB', 'token', fresh).toString(), 'new');
  assert.throws(() => sealer.open('TIB', 'token', old), SealError);
});

test('a fingerprint tells secrets apart, and members and purposes too', () => {
  const sealer = sealerOf(first);
  const printOf = (code: string, purpose: string, secret: string): string =>
    sealer.fingerprints(code, purpose, secret).join();
  const print = printOf('TIB', 'password', 'Sw0rd!');
  assert.equal(print, printOf('TIB', 'password', 'Sw0rd!'));
  assert.equal(Buffer.from(print, 'base64url').length, 32);
  assert.notEqual(print, printOf('TIB', 'password', 'Sw0rd?'));
  assert.notEqual(print, printOf('TIB', 'other', 'Sw0rd!'));
  assert.notEqual(print, printOf('AKY', 'password', 'Sw0rd!'));
});

test('fingerprints of before and after a change of keys meet while both are there', () => {
  const printsOf = (...secrets: SealingSecret[]) =>
    sealerOf(...secrets).fingerprints('TIB', 'password', 'Sw0rd!');
  assert.deepEqual(printsOf(second, first), [...printsOf(second), ...printsOf(first)]);
  assert.notDeepEqual(printsOf(first), printsOf(second));
});
