/** What is told of members: the identity in use, the next one, and when the password ends. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Member } from '../../src/lib/credentials.ts';
import { createMemberStates, paperState } from '../../src/operations/members.ts';
import { makeIdentity } from '../support/identities.ts';

const [present, later] = [
  await makeIdentity('present.invalid'),
  await makeIdentity('later.invalid'),
];
const NOW = Date.parse('2026-03-02T12:00:00+03:00');
const QUEUE = { length: 0, preparing: 0, paused: false };

const member = (memberCode: string, more: Partial<Member> = {}): Member => ({
  memberCode,
  userCode: 'U',
  password: 'Secret1!',
  referencePrefix: 'GW',
  identity: present,
  ...more,
});

test('the certificate that signs is told, and the next until it does', () => {
  const next = { ...later, validFrom: NOW };
  const before = paperState(member('TIB', { next }), NOW - 1);
  assert.equal(before.certificate?.fingerprint, present.certificate.fingerprint256);
  assert.equal(before.certificate?.notAfter, present.certificate.validToDate.getTime());
  assert.match(before.certificate?.subject ?? '', /present\.invalid/);
  assert.deepEqual(
    [before.next?.fingerprint, before.next?.validFrom],
    [later.certificate.fingerprint256, NOW],
  );
  const after = paperState(member('TIB', { next }), NOW);
  assert.equal(after.certificate?.fingerprint, later.certificate.fingerprint256);
  assert.equal('next' in after, false);
});

test('a password ends 365 days after the midnight in Istanbul that it was changed at', () => {
  const { password } = paperState(member('TIB', { passwordChangedOn: '2026-01-01' }), NOW);
  assert.deepEqual(password, {
    changedOn: '2026-01-01',
    expiresAt: Date.parse('2027-01-01T00:00:00+03:00'),
  });
  assert.equal('password' in paperState(member('TIB'), NOW), false);
});

test('those that are configured are told in the order of their codes, without a secret', async () => {
  const asked: string[] = [];
  const states = createMemberStates({
    credentials: () => ({
      members: new Map(['TIB', 'AKY'].map((code) => [code, member(code)])),
      trustedCertificates: [],
    }),
    mks: {
      async tokenState(code) {
        asked.push(code);
        return { expiresAt: 5 };
      },
    },
    desk: { queue: async (code) => ({ ...QUEUE, length: code.charCodeAt(0) }) },
    clock: { now: () => NOW, elapsedMs: () => 0 },
  });
  const found = await states.of(['TIB', 'NONE', 'AKY']);
  assert.deepEqual(
    found.map((each) => [each.member, each.queue.length, each.token.expiresAt]),
    [
      ['AKY', 65, 5],
      ['TIB', 84, 5],
    ],
  );
  assert.deepEqual(asked.toSorted(), ['AKY', 'TIB']);
  assert.equal(JSON.stringify(found).includes('Secret1!'), false);
  assert.deepEqual(await states.of([]), []);
});
