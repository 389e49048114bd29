/** Credentials that were read anew: the same to the last field, or others. */
import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { isSameCredentials } from '../../src/config/same-credentials.ts';
import { keySigner } from '../../src/lib/key-signer.ts';
import type { Credentials, Identity, Member, SigningIdentity } from '../../src/lib/credentials.ts';
import { identity as one, otherIdentity as other } from './support.ts';

/** Read anew: other objects of the same content. */
const read = ({ keyPem, pem } = one): Identity => ({
  signer: keySigner(createPrivateKey(keyPem)),
  certificate: new X509Certificate(pem),
});

function member(change: Partial<Member> = {}): Member {
  return {
    memberCode: 'TIB',
    userCode: 'TIB991',
    password: 'Secret1!',
    referencePrefix: 'GW',
    identity: read(),
    ...change,
  };
}

function credentials(members: Member[] = [member()], trusted = [one.pem]): Credentials {
  return {
    members: new Map(members.map((each) => [each.memberCode, each])),
    trustedCertificates: trusted.map((pem) => new X509Certificate(pem)),
  };
}

const next = (change: object = {}) => member({ next: { ...read(other), validFrom: 5, ...change } });

test('read anew it is the same, in whatever order the members stand', () => {
  assert.ok(isSameCredentials(credentials(), credentials()));
  assert.ok(isSameCredentials(credentials([next()]), credentials([next()])));
  const unfit = () => credentials([member({ identity: { fault: 'key-unusable' } })]);
  assert.ok(isSameCredentials(unfit(), unfit()));
  const aky = member({ memberCode: 'AKY' });
  assert.ok(isSameCredentials(credentials([member(), aky]), credentials([aky, member()])));
});

test('each field counts', () => {
  const { signer, certificate } = read() as SigningIdentity;
  const others: Credentials[] = [
    credentials([]),
    credentials([member(), member({ memberCode: 'AKY' })]),
    credentials([member({ memberCode: 'AKY' })]),
    credentials([member({ userCode: 'TIB992' })]),
    credentials([member({ password: 'Secret2!' })]),
    credentials([member({ passwordChangedOn: '2026-01-15' })]),
    credentials([member({ referencePrefix: 'OTHER' })]),
    credentials([member({ identity: read(other) })]),
    credentials([member({ identity: { ...read(other), certificate } })]),
    credentials([member({ identity: { ...read(other), signer } })]),
    credentials([member({ identity: { ...read(), fault: 'key-unusable' } })]),
    credentials([member({ identity: { fault: 'certificate-unusable', signer } })]),
    credentials([next()]),
    credentials([member()], [other.pem]),
    credentials([member()], [one.pem, other.pem]),
  ];
  for (const [index, each] of others.entries()) {
    assert.ok(!isSameCredentials(credentials(), each), `${index}`);
    assert.ok(!isSameCredentials(each, credentials()), `${index}, the other way round`);
  }
  assert.ok(!isSameCredentials(credentials([next()]), credentials([next({ validFrom: 6 })])));
  assert.ok(!isSameCredentials(credentials([next()]), credentials([next(read())])));
});
