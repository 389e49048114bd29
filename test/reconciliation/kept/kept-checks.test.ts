/** Kept checks: sealed, shared by those who share the folder, listed, and gone when their time is over. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CursorError } from '../../../src/lib/page.ts';
import { SpoolDamagedError } from '../../../src/reports/errors.ts';
import { createSealer } from '../../../src/state/sealing.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { keptChecksFor } from '../../support/kept-checks.ts';
import { breaksOf, keepCheck } from '../../support/ledger-check.ts';
import { sealingSecret } from '../../support/sealing.ts';

const DAY_MS = 86_400_000;
const START = Date.UTC(2026, 2, 3);
const SECRET_NAME = 'vip-portfolio';
const TEXT = 'HESAP,ALT_HESAP,ISIN,BAKIYE\n990011223344,SERB,TRAGARAN91N1,7770001\n';

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('.'));

const about = (member: string, ledger = SECRET_NAME) => ({
  member,
  ledger,
  filters: { accNo: '990011223344' },
  processDate: '20260302',
  text: TEXT,
});

test('a check is there as it was, sealed, also for another replica on the folder', async (t) => {
  const [folder, scratch] = [await temporaryFolder(), await temporaryFolder()];
  const clock = { now: () => START };
  const kept = await keptChecksFor(t, { folder, clock });
  const check = await keepCheck(kept, scratch, about('TIB'));

  const replica = await keptChecksFor(t, { folder, clock });
  const found = await replica.find(check.id);
  assert.ok(found !== undefined);
  assert.deepEqual(found.check, check);
  const { text, breaks } = await breaksOf(found);
  assert.equal(breaks[0]?.['ledger'], '7770001');
  assert.equal(createHash('sha256').update(text).digest('hex'), check.breaksSha256);
  assert.deepEqual((await replica.list({ members: ['TIB'], limit: 5 })).items, [check]);
  assert.deepEqual((await replica.list({ members: ['AKY'], limit: 5 })).items, []);

  const names = filesIn(folder);
  assert.equal(names.length, 2);
  const rest = names.map((name) => name + readFileSync(join(folder, name), 'latin1')).join('');
  for (const secret of [SECRET_NAME, '990011223344', 'TRAGARAN91N1', '7770001', 'SERB']) {
    assert.ok(!rest.includes(secret), `${secret} in the clear`);
  }
});

test('nobody opens it under another member, with another key, or changed', async (t) => {
  const [folder, scratch] = [await temporaryFolder(), await temporaryFolder()];
  const [old, fresh] = [sealingSecret('old'), sealingSecret('new')];
  const clock = { now: () => START };
  const of = (...secrets: (typeof old)[]) =>
    keptChecksFor(t, { folder, clock, sealer: createSealer(() => secrets) });
  const kept = await of(old);
  const { id } = await keepCheck(kept, scratch, about('TIB'));

  const rotated = await of(fresh, old);
  assert.ok((await rotated.find(id)) !== undefined);
  const { counts } = await keepCheck(rotated, scratch, about('TIB'));
  assert.equal(counts.new, 0, 'a new key is no new history');
  const listed = await rotated.list({ members: ['TIB'], ledger: SECRET_NAME, limit: 5 });
  assert.equal(listed.items.length, 2, 'nor another ledger');
  assert.equal(await (await of(fresh)).find(id), undefined);

  const [record = ''] = filesIn(folder).filter((name) => name.endsWith(`${id}.check`));
  await keepCheck(kept, scratch, about('AKY'));
  writeFileSync(join(folder, record.replace('TIB', 'AKY')), readFileSync(join(folder, record)));
  const stolen = await (await of(old)).list({ members: ['AKY'], limit: 5 });
  assert.equal(stolen.items.length, 1);

  const breaks = join(folder, record.replace('.check', '.breaks'));
  const bytes = readFileSync(breaks);
  bytes[bytes.length - 20] = (bytes.at(-20) ?? 0) ^ 1;
  writeFileSync(breaks, bytes);
  const found = await kept.find(id);
  assert.ok(found !== undefined);
  await assert.rejects(breaksOf(found), SpoolDamagedError);
  const next = { ...about('TIB'), processDate: '20260303' };
  assert.equal((await keepCheck(rotated, scratch, next)).counts.new, 0, 'the one before is whole');
  const single = await keepCheck(kept, scratch, about('TIB', 'single'));
  const only = filesIn(folder).find((name) => name.endsWith(`${single.id}.breaks`)) ?? '';
  writeFileSync(join(folder, only), 'nothing');
  const again = await keepCheck(kept, scratch, about('TIB', 'single'));
  assert.equal(again.counts.new, 1, 'and a ledger can be checked whatever became of the last one');
});

test('a list goes on where it ended, of one ledger or of all', async (t) => {
  const [folder, scratch] = [await temporaryFolder(), await temporaryFolder()];
  let now = START;
  // Two of each millisecond: the place is found by the id then.
  const kept = await keptChecksFor(t, { folder, clock: { now: () => START + (now++ >> 3) } });
  const ids: string[] = [];
  for (const member of ['TIB', 'AKY', 'TIB', 'TIB', 'AKY']) {
    const ledger = ids.length % 2 === 0 ? 'even' : 'odd';
    ids.push((await keepCheck(kept, scratch, about(member, ledger))).id);
  }
  const all: string[] = [];
  let cursor: string | undefined;
  do {
    const query = { members: ['TIB', 'AKY'], limit: 2, ...(cursor !== undefined && { cursor }) };
    const page = await kept.list(query);
    all.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  assert.deepEqual(all.toSorted(), ids.toSorted());
  const times = (await kept.list({ members: ['TIB', 'AKY'], limit: 9 })).items;
  assert.deepEqual(
    times.map(({ createdAt }) => createdAt),
    times.map(({ createdAt }) => createdAt).toSorted((one, other) => other - one),
  );
  const odd = await kept.list({ members: ['TIB', 'AKY'], ledger: 'odd', limit: 9 });
  assert.deepEqual(
    odd.items.map(({ id }) => id).toSorted(),
    [String(ids[1]), String(ids[3])].toSorted(),
  );
  await assert.rejects(kept.list({ members: ['TIB'], limit: 2, cursor: 'eA' }), CursorError);
});

test('it is gone when its time is over, and what was left half done with it', async (t) => {
  const [folder, scratch] = [await temporaryFolder(), await temporaryFolder()];
  let now = START;
  const kept = await keptChecksFor(t, { folder, retentionDays: 2, clock: { now: () => now } });
  const { id } = await keepCheck(kept, scratch, about('TIB'));
  const draft = await kept.begin('00000000-0000-4000-8000-000000000000', about('TIB'), '20260302');
  writeFileSync(draft.breaks.path, 'half');
  for (const name of filesIn(folder)) utimesSync(join(folder, name), now / 1000, now / 1000);

  now += 30 * 60_000;
  await kept.letGo();
  assert.equal(filesIn(folder).length, 3, 'somebody may be at it');
  now += 31 * 60_000;
  await kept.letGo();
  assert.equal(filesIn(folder).length, 2);
  now = START + 2 * DAY_MS - 1;
  assert.ok((await kept.find(id)) !== undefined);
  now += 1;
  assert.equal(await kept.find(id), undefined, 'before anybody has looked');
  assert.deepEqual((await kept.list({ members: ['TIB'], limit: 5 })).items, []);
  await kept.letGo();
  assert.deepEqual(filesIn(folder), []);
});

test('what is discarded leaves nothing', async (t) => {
  const folder = await temporaryFolder();
  const kept = await keptChecksFor(t, { folder, clock: { now: () => START } });
  const draft = await kept.begin('00000000-0000-4000-8000-000000000000', about('TIB'), '20260302');
  writeFileSync(draft.breaks.path, 'half');
  await draft.discard();
  assert.deepEqual(filesIn(folder), []);
});
