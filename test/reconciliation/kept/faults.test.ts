/** What becomes of kept checks where the disk is full, a file is gone, or something else has its name. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pino } from 'pino';
import { StorageFullError } from '../../../src/reports/errors.ts';
import { filesOf, writeWhole } from '../../../src/reconciliation/kept/files.ts';
import { createCheckRetention } from '../../../src/reconciliation/kept/retention.ts';
import { sampleChecks } from '../../../src/reconciliation/kept/samples.ts';
import { startState } from '../../support/state.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { keptChecksFor } from '../../support/kept-checks.ts';
import { keepCheck } from '../../support/ledger-check.ts';
import { mountSmall } from '../../support/small-disk.ts';
import { until } from '../../support/until.ts';

const useState = await startState();
const START = Date.UTC(2026, 2, 3);
const SERIES = { member: 'TIB', ledger: 'book', filters: {} };
const CHECK = {
  ...SERIES,
  processDate: '20260302',
  text: 'HESAP,ALT_HESAP,ISIN,BAKIYE\n990011223344,SERB,TRAGARAN91N1,7770001\n',
};

test('a file that the disk has no room for leaves nothing, and the next one is whole', async (t) => {
  const folder = await temporaryFolder();
  const unmount = mountSmall(folder, '64k');
  if (unmount === undefined) return t.skip('no file system can be mounted here');
  t.after(unmount);
  await assert.rejects(writeWhole(join(folder, 'big'), 'x'.repeat(100_000)), StorageFullError);
  assert.deepEqual(readdirSync(folder), []);
  await writeWhole(join(folder, 'small'), 'text');
  assert.deepEqual(readdirSync(folder), ['small']);
});

test('no folder is an empty one, a file in its place is an error', async () => {
  const folder = await temporaryFolder();
  assert.deepEqual(await filesOf(join(folder, 'none')), []);
  writeFileSync(join(folder, 'file'), '');
  await assert.rejects(filesOf(join(folder, 'file')), { code: 'ENOTDIR' });
});

test('no check begins where its member can have no folder', async (t) => {
  const folder = await temporaryFolder();
  const kept = await keptChecksFor(t, { folder, clock: { now: () => START } });
  writeFileSync(join(folder, 'TIB'), '');
  const begun = kept.begin('00000000-0000-4000-8000-000000000000', SERIES, '20260302');
  await assert.rejects(begun, { code: 'ENOTDIR' });
});

test('breaks that cannot be read are not taken for damaged: the next check fails', async (t) => {
  const [folder, scratch] = [await temporaryFolder(), await temporaryFolder()];
  const kept = await keptChecksFor(t, { folder, clock: { now: () => START } });
  await keepCheck(kept, scratch, CHECK);
  const name = readdirSync(join(folder, 'TIB')).find((file) => file.endsWith('.breaks')) ?? '';
  const path = join(folder, 'TIB', name);
  rmSync(path);
  mkdirSync(path);
  await assert.rejects(keepCheck(kept, scratch, CHECK), { code: 'EISDIR' });
});

test('what cannot be let go of is told, and tried again an hour later', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const folder = join(await temporaryFolder(), 'checks');
  writeFileSync(folder, '');
  const told: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => told.push(line) });
  const clock = { now: () => START };
  const retention = createCheckRetention({ folder, isDue: () => true, clock, log });
  t.after(() => retention.close());
  await until(() => told.length === 1);
  t.mock.timers.tick(60 * 60_000);
  await until(() => told.length === 2);
  assert.match(told[1] ?? '', /ENOTDIR.*stay for another hour/);
});

test('samples pass over a check that is gone, and tell of one that cannot be read', async (t) => {
  const [dataDir, scratch] = [await temporaryFolder(), await temporaryFolder()];
  const place = { ...(await useState(t)), dataDir };
  const folder = join(dataDir, 'checks');
  const kept = await keptChecksFor(t, { folder, clock: { now: () => START } });
  const { id } = await keepCheck(kept, scratch, CHECK);
  const nameOf = (day: number): string => {
    const tag = '0'.repeat(22);
    return `${START + day}.20260302.${tag}.${tag}.00000000-0000-4000-8000-000000000000.check`;
  };
  // As one that was listed, and is gone when it is opened.
  symlinkSync('gone', join(folder, 'TIB', nameOf(1)));
  const samples = await sampleChecks(place, 'TIB');
  assert.deepEqual(
    samples.map(({ purpose }) => purpose),
    [`check ${id}`],
  );
  mkdirSync(join(folder, 'TIB', nameOf(2)));
  await assert.rejects(sampleChecks(place, 'TIB'), { code: 'EISDIR' });
});
