/** Findings: each names its place in both languages, and a member’s own mistake may be pardoned. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertNoMistakes, ConfigurationError, createFindings } from '../../src/config/findings.ts';

test('a place is the variable, its fields and their indexes', () => {
  const findings = createFindings();
  const root = findings.variable('MKS_MEMBERS_FILE');
  root.mistake('one', 'bir');
  root.at('members').at(2).at('next').at('keyFile').mistake('two', 'iki');
  root.at(0).warning('user-code', 'three', 'üç');
  assert.deepEqual(findings.mistakes, [
    { en: 'MKS_MEMBERS_FILE: one', tr: 'MKS_MEMBERS_FILE: bir' },
    {
      en: 'MKS_MEMBERS_FILE: members[2].next.keyFile: two',
      tr: 'MKS_MEMBERS_FILE: members[2].next.keyFile: iki',
    },
  ]);
  assert.deepEqual(findings.warnings, [
    { about: 'user-code', en: 'MKS_MEMBERS_FILE: [0]: three', tr: 'MKS_MEMBERS_FILE: [0]: üç' },
  ]);
});

test('all mistakes are told at once, and warnings stop nothing', () => {
  const findings = createFindings();
  const place = findings.variable('V');
  place.warning('certificate', 'soon', 'yakında');
  assertNoMistakes(findings);
  place.mistake('one', 'bir');
  place.concerning('TIB').mistake('two', 'iki');
  assert.throws(
    () => assertNoMistakes(findings),
    (error) => {
      assert.ok(error instanceof ConfigurationError);
      assert.equal(error.mistakes.length, 2);
      assert.ok(!error.message.includes('one'), 'a thrown error is logged: it quotes nothing');
      return true;
    },
  );
});

test('a pardoned mistake shuts its member off, aloud, and only where a member can sign', () => {
  const findings = createFindings();
  const place = findings.variable('V');
  place.concerning('TIB').mistake('expired', 'süresi dolmuş');
  place.concerning('AKY').mistake('expired', 'süresi dolmuş');
  assert.throws(() => assertNoMistakes(findings), ConfigurationError);
  findings.pardonsShutOffs = true;
  assertNoMistakes(findings);
  assert.deepEqual(findings.mistakes, []);
  assert.deepEqual(findings.warnings, [
    {
      about: 'certificate',
      shutsOff: 'TIB',
      en: 'V: expired; TIB is shut off until it is mended',
      tr: 'V: süresi dolmuş; düzelene kadar TIB kapalı',
    },
    {
      about: 'certificate',
      shutsOff: 'AKY',
      en: 'V: expired; AKY is shut off until it is mended',
      tr: 'V: süresi dolmuş; düzelene kadar AKY kapalı',
    },
  ]);
});

test('beside a mistake of form nothing is pardoned, and all is told', () => {
  const findings = createFindings();
  findings.pardonsShutOffs = true;
  const place = findings.variable('V');
  place.concerning('TIB').mistake('expired', 'süresi dolmuş');
  place.mistake('another', 'başka');
  assert.throws(
    () => assertNoMistakes(findings),
    (error) => error instanceof ConfigurationError && error.mistakes.length === 2,
  );
});
