/** Which identity signs at an instant, and what keeps a member from signing. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { activeIdentity, canSign, signingFault, type Member } from '../../src/lib/credentials.ts';
import { keySigner } from '../../src/lib/key-signer.ts';
import { identity, otherIdentity } from '../config/support.ts';

const certificate = new X509Certificate(identity.pem);
const member: Member = {
  memberCode: 'TIB',
  userCode: 'TIB991',
  password: 'x',
  referencePrefix: 'GW1',
  identity: { signer: keySigner(identity.key), certificate },
};
const from = certificate.validFromDate.getTime();
const to = certificate.validToDate.getTime();

test('a certificate signs from its first instant to before its last', () => {
  assert.equal(signingFault(member, from - 1), 'certificate-early');
  assert.equal(signingFault(member, from), undefined);
  assert.equal(signingFault(member, to - 1), undefined);
  assert.equal(signingFault(member, to), 'certificate-expired');
});

test('the next identity takes over at its time, and not before', () => {
  const next = {
    signer: keySigner(otherIdentity.key),
    certificate: new X509Certificate(otherIdentity.pem),
    validFrom: from + 1_000,
  };
  const changing = { ...member, next };
  assert.equal(activeIdentity(changing, next.validFrom - 1), member.identity);
  assert.equal(activeIdentity(changing, next.validFrom), next);
});

test('files that make no pair keep their member from signing, whatever the time', () => {
  const unfit: Member = { ...member, identity: { fault: 'key-unusable', certificate } };
  assert.equal(signingFault(unfit, from), 'key-unusable');
  assert.equal(canSign(unfit, from), false);
  assert.equal(canSign(member, from), true);
});
