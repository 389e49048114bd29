/** A time stamp proved, beside openssl as the second reader; and each way in which it does not hold. */
import assert from 'node:assert/strict';
import { hash, sign, X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import {
  proveStamp,
  stampRequest,
  StampError,
  tokenOf,
  type StampFault,
} from '../../../src/trail/stamps/token.ts';
import { issue, makeAuthority, openssl } from '../../support/time-stamp-server.ts';

const DATA = Buffer.from('eyJhbGciOiJSUzI1NiJ9.eyJjaGFpbiI6IjEifQ.c2lnbmF0dXJl');
const authority = await makeAuthority();
const request = stampRequest(DATA);
const token = tokenOf(await authority.reply(request.bytes), request);

const fails = async (promise: Promise<unknown> | (() => unknown), fault: StampFault) =>
  assert.rejects(
    async () => (typeof promise === 'function' ? promise() : promise),
    (error) => error instanceof StampError && error.fault === fault,
  );

/** The token with one byte of its last part, the signature, another. */
function withOtherSignature(): Buffer {
  const changed = Buffer.from(token);
  changed.writeUInt8(changed.readUInt8(changed.length - 20) ^ 1, changed.length - 20);
  return changed;
}

for (const key of ['rsa:2048', 'ec']) {
  test(`a stamp by ${key} is proved, here and by openssl`, async () => {
    const by = await makeAuthority({ key });
    const asked = stampRequest(DATA);
    const stamped = tokenOf(await by.reply(asked.bytes), asked);
    const stamp = await proveStamp(stamped, DATA, [by.ca]);
    assert.ok(Math.abs(stamp.time - Date.now()) < 60_000);
    assert.equal(stamp.authority, 'O=Test, CN=tsa');
    assert.match(stamp.fingerprint, /^[0-9A-F:]{95}$/);
    writeFileSync(join(by.folder, 'token'), stamped);
    writeFileSync(join(by.folder, 'data'), DATA);
    const { stdout } = await openssl(by.folder, [
      'ts',
      '-verify',
      '-token_in',
      '-in',
      'token',
      '-data',
      'data',
      '-CAfile',
      'ca.pem',
    ]);
    assert.match(stdout, /Verification: OK/);
  });
}

test('without an authority to trust, the certificate that it brings is believed', async () => {
  assert.equal((await proveStamp(token, DATA, undefined)).authority, 'O=Test, CN=tsa');
});

test('a stamp of other bytes, with another signature, by another authority: each is told apart', async () => {
  const other = await makeAuthority({ key: 'ec' });
  await fails(proveStamp(token, Buffer.from('other'), [authority.ca]), 'unfit');
  await fails(proveStamp(withOtherSignature(), DATA, [authority.ca]), 'bad');
  await fails(proveStamp(withOtherSignature(), DATA, undefined), 'bad');
  await fails(proveStamp(token, DATA, [other.ca]), 'untrusted');
  await fails(proveStamp(token, DATA, []), 'untrusted');
});

test('what is no time stamp is said to be none', async () => {
  const cut = token.subarray(0, token.length / 2);
  for (const bytes of [Buffer.alloc(0), Buffer.from('<html>'), cut]) {
    await fails(proveStamp(bytes, DATA, undefined), 'unreadable');
    await fails(() => tokenOf(bytes, request), 'unreadable');
  }
});

test('an answer to another question, and a refusal', async () => {
  const again = stampRequest(DATA);
  const reply = await authority.reply(again.bytes);
  await fails(() => tokenOf(reply, request), 'unfit');
  const unwilling = await makeAuthority({ digests: 'sha512' });
  const refusal = await unwilling.reply(request.bytes);
  await fails(() => tokenOf(refusal, request), 'refused');
});

test('no byte of a token can be another without its being seen', async () => {
  for (let at = 0; at < token.length; at += 7) {
    const changed = Buffer.from(token);
    changed.writeUInt8(changed.readUInt8(at) ^ 0x10, at);
    const outcome = await proveStamp(changed, DATA, [authority.ca]).catch((error: unknown) => {
      assert.ok(error instanceof StampError, String(error));
      return undefined;
    });
    // What is not signed, such as further certificates, may differ: what is said stays the same.
    if (outcome !== undefined) assert.deepEqual(outcome, await proveStamp(token, DATA, undefined));
  }
});

/** The same content signed by hand with openssl cms, as a time stamp must or must not be. */
async function signedWith(name: string, ...more: string[]): Promise<Buffer> {
  const { folder } = authority;
  writeFileSync(join(folder, 'token'), token);
  await openssl(folder, [
    'cms',
    '-verify',
    '-noverify',
    '-inform',
    'DER',
    '-in',
    'token',
    '-binary',
    '-out',
    'content',
  ]);
  const signer = ['-signer', `${name}.pem`, '-inkey', `${name}.key`, '-md', 'sha256'];
  const form = ['-binary', '-nodetach', '-in', 'content', '-outform', 'DER', '-out', 'signed'];
  await openssl(folder, ['cms', '-sign', ...form, ...signer, ...more]);
  return readFileSync(join(folder, 'signed'));
}

test('who may stamp: a certificate for that alone, named in the signature, and one signer', async () => {
  const { folder, ca } = authority;
  await issue(folder, 'plain', 'leaf');
  const type = ['-econtent_type', '1.2.840.113549.1.9.16.1.4'];
  const good = await signedWith('tsa', '-cades', ...type);
  assert.equal((await proveStamp(good, DATA, [ca])).authority, 'O=Test, CN=tsa');
  await fails(proveStamp(await signedWith('plain', '-cades', ...type), DATA, [ca]), 'bad');
  await fails(proveStamp(await signedWith('tsa', ...type), DATA, [ca]), 'bad');
  const two = ['-signer', 'plain.pem', '-inkey', 'plain.key', '-md', 'sha256'];
  await fails(proveStamp(await signedWith('tsa', '-cades', ...type, ...two), DATA, [ca]), 'bad');
  await fails(proveStamp(await signedWith('tsa', '-cades'), DATA, [ca]), 'unreadable');
});

const NAMES_IT = '1.2.840.113549.1.9.16.2.47';
const SHA1 = '1.3.14.3.2.26';
const SHA512 = '2.16.840.1.101.3.4.2.3';

/** The token with another attribute in the place of the one that names the certificate, signed anew. */
function naming(type: string, value: asn1js.Sequence): Buffer {
  const { contentType, content } = pkijs.ContentInfo.fromBER(token);
  const signed = new pkijs.SignedData({ schema: content });
  const [signer] = signed.signerInfos;
  assert.ok(signer?.signedAttrs);
  const others = signer.signedAttrs.attributes.filter((each) => each.type !== NAMES_IT);
  const attributes = [...others, new pkijs.Attribute({ type, values: [value] })];
  const text = new asn1js.Set({ value: attributes.map((each) => each.toSchema()) }).toBER();
  signer.signedAttrs = new pkijs.SignedAndUnsignedAttributes({ type: 0, attributes });
  const key = readFileSync(join(authority.folder, 'tsa.key'));
  const signature = sign('sha256', Buffer.from(text), key);
  signer.signature = new asn1js.OctetString({ valueHex: signature });
  const again = new pkijs.ContentInfo({ contentType, content: signed.toSchema(true) });
  return Buffer.from(again.toSchema().toBER());
}

/** SigningCertificateV2 (RFC 5035 §3) of the certificate's digest, by an algorithm that it names or leaves out. */
function signingCertificate(digest: 'sha256' | 'sha512', algorithm?: string): asn1js.Sequence {
  const { raw } = new X509Certificate(readFileSync(join(authority.folder, 'tsa.pem')));
  const certHash = new asn1js.OctetString({ valueHex: hash(digest, raw, 'buffer') });
  const named = algorithm === undefined ? [] : [new asn1js.ObjectIdentifier({ value: algorithm })];
  const ahead = named.map((each) => new asn1js.Sequence({ value: [each] }));
  const id = new asn1js.Sequence({ value: [...ahead, certHash] });
  return new asn1js.Sequence({ value: [new asn1js.Sequence({ value: [id] })] });
}

test('the certificate is named by the digest that the attribute tells, SHA-256 where it tells none', async () => {
  const { ca } = authority;
  for (const value of [signingCertificate('sha256'), signingCertificate('sha512', SHA512)]) {
    const stamp = await proveStamp(naming(NAMES_IT, value), DATA, [ca]);
    assert.equal(stamp.authority, 'O=Test, CN=tsa');
  }
  const wrongs: [type: string, value: asn1js.Sequence][] = [
    [NAMES_IT, signingCertificate('sha512')],
    [NAMES_IT, signingCertificate('sha256', SHA1)],
    [NAMES_IT, new asn1js.Sequence()],
    ['1.2.3.4', signingCertificate('sha256')],
  ];
  for (const [type, value] of wrongs)
    await fails(proveStamp(naming(type, value), DATA, [ca]), 'bad');
});
