/** A report's secrets: by MKS's rule, bound to their report, gone with their key. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ReportGoneError } from '../../src/reports/errors.ts';
import type { StoredReport } from '../../src/reports/record.ts';
import { createReportSecrets, makeZipPassword } from '../../src/reports/secrets.ts';
import { createSealer, type SealingSecret } from '../../src/state/sealing.ts';
import { sealingSecret } from '../support/sealing.ts';

const present = sealingSecret('present');
const later = sealingSecret('later');
const sealerWith = (...secrets: SealingSecret[]) => createSealer(() => secrets);

function recordOf(secret: string): StoredReport {
  return {
    id: 'one',
    kind: 'report',
    client: 'a',
    member: 'TIB',
    processDate: '20260302',
    filters: {},
    joinKey: '',
    state: 'queued',
    phase: 'request',
    version: 1,
    createdAt: 0,
    updatedAt: 0,
    expiresAt: 0,
    secret,
    attempts: 0,
    pauses: 0,
    damaged: 0,
  };
}

test('a zip password keeps MKS’s rule, and needs no escaping anywhere', () => {
  const passwords = Array.from({ length: 1_000 }, makeZipPassword);
  // MKS 5.1.2
  for (const password of passwords)
    assert.match(password, /^(?=.*[A-Z])(?=.*\d)[A-Za-z0-9]{8,50}$/);
  assert.equal(new Set(passwords).size, passwords.length);
});

test('what was made opens again, for the same report alone', () => {
  const secrets = createReportSecrets(sealerWith(present));
  const record = recordOf(secrets.make('TIB', 'one'));
  const opened = secrets.open(record);
  assert.equal(opened.spoolKey.length, 32);
  assert.deepEqual(secrets.open(record), opened);
  assert.equal(secrets.canOpen(record), true);
  assert.equal(record.secret?.includes(opened.zipPassword), false, 'sealed');
  for (const change of [{ id: 'two' }, { member: 'AKY' }]) {
    const other = { ...record, ...change };
    assert.equal(secrets.canOpen(other), false);
    assert.throws(() => secrets.open(other), ReportGoneError);
  }
});

test('without a secret, or without its key, the report is gone', () => {
  const record = recordOf(createReportSecrets(sealerWith(present)).make('TIB', 'one'));
  const { secret: _, ...bare } = record;
  const without = createReportSecrets(sealerWith(later));
  assert.equal(without.canOpen(record), false);
  assert.throws(() => without.open(record), ReportGoneError);
  assert.throws(() => createReportSecrets(sealerWith(present)).open(bare), ReportGoneError);
  assert.equal(createReportSecrets(sealerWith(later, present)).canOpen(record), true);
});
