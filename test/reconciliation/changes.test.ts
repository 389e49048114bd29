/** Changes of reports that go while they are being compared. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { test } from 'node:test';
import { createChanges } from '../../src/reconciliation/changes.ts';
import { ReportGoneError } from '../../src/reports/errors.ts';
import type { Report } from '../../src/reports/types.ts';
import { temporaryFolder } from '../support/folder.ts';

test('a report that expires between the look for its files and their reading is gone, not a mistake of ours', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'removed.rows');
  const files = [{ path, key: randomBytes(32), context: 'removed' }];
  const changes = createChanges({ rowFiles: async () => ({ rowCount: 1, files }) }, folder);
  const report: Report = {
    id: 'r1',
    member: 'TIB',
    processDate: '20250505',
    filters: {},
    state: 'ready',
    version: 1,
    createdAt: 0,
    updatedAt: 0,
    expiresAt: 0,
    files: [],
  };
  const asked = { from: report, to: report, format: 'json', client: 'c' } as const;
  const { signal } = new AbortController();
  const read = Array.fromAsync(changes.read({ ...asked, signal, letGo: () => undefined }));
  await assert.rejects(read, ReportGoneError);
});
