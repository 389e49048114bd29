/** Writing acts down: the chain, one write for many, what happens when it cannot be written. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pino } from 'pino';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../src/lib/clock.ts';
import { canonical, type Canonical } from '../../src/trail/canonical.ts';
import { createChainKeeper } from '../../src/trail/keeper.ts';
import { createTrailWriter } from '../../src/trail/writer.ts';
import { TrailUnavailableError } from '../../src/trail/errors.ts';
import { temporaryFolder } from '../support/folder.ts';
import { mountSmall } from '../support/small-disk.ts';
import { earlierOf, filesOf, linesOf, READ, startTrail, textsOf, type Line } from './support.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
/** After a failure it is left alone for a second. */
const PAUSE_MS = 1_050;

test('each line is canonical, is numbered and bears the digest of the one before', async (t) => {
  const trail = await startTrail(t);
  for (let number = 0; number < 5; number += 1) await trail.record({ ...READ, rows: number });
  const [file = '', ...others] = filesOf(trail.folder);
  assert.deepEqual(others, []);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(statSync(trail.folder).mode & 0o777, 0o700);
  const texts = textsOf(file);
  let before = '0'.repeat(64);
  for (const [index, text] of texts.entries()) {
    const line = JSON.parse(text) as Line;
    assert.equal(canonical(line as Record<string, Canonical>), text);
    assert.equal(line.number, index + 1);
    assert.equal(line.before, before);
    assert.match(line.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+03:00$/);
    before = sha256(text);
  }
  const [first, started, , , , , last] = linesOf(file);
  assert.deepEqual(
    { ...first, version: '', host: '', time: '', chain: '' },
    {
      action: 'chain.begun',
      number: 1,
      before: '0'.repeat(64),
      time: '',
      chain: '',
      segment: 1,
      version: '',
      host: '',
      replica: '127.0.0.1:3000',
      reason: 'start',
      unrecorded: 0,
      earlier: [],
    },
  );
  assert.equal(started?.action, 'started');
  assert.equal(last?.['rows'], 4);
});

test('long and short writes leave their own bytes alone, whatever was written before', async (t) => {
  const trail = await startTrail(t);
  const reports = ['ü'.repeat(100_000), 'b', 'ç'.repeat(1_000), 'd'.repeat(300_000), 'e'];
  for (const report of reports) await trail.record({ ...READ, report });
  const texts = textsOf(filesOf(trail.folder)[0] ?? '');
  const lines = texts.map((text) => JSON.parse(text) as Line);
  assert.deepEqual(
    lines.slice(2).map(({ report }) => report),
    reports,
  );
  for (const [index, text] of texts.slice(0, -1).entries()) {
    assert.equal(lines[index + 1]?.before, sha256(text));
  }
});

test('a line is in its file when its act may go on', async (t) => {
  const trail = await startTrail(t);
  await trail.record({ ...READ, report: 'here' });
  assert.match(readFileSync(filesOf(trail.folder)[0] ?? '', 'utf8'), /"report":"here"[^\n]*\n$/);
});

test('many who write at once share a write, and stand in the order of their coming', async (t) => {
  const folder = join(await temporaryFolder(), 'trail');
  const log = pino({ level: 'silent' });
  const identity = { version: '1', host: 'here', replica: 'one' };
  const keeper = createChainKeeper({ folder, identity, clock: systemClock, log });
  let writes = 0;
  const writer = createTrailWriter({
    ...keeper,
    write(contents) {
      writes += 1;
      return keeper.write(contents);
    },
  });
  t.after(() => writer.close());
  const acts = Array.from({ length: 3_000 }, (_, rows) => writer.append({ ...READ, rows }));
  await Promise.all(acts);
  const rows = linesOf(filesOf(folder)[0] ?? '')
    .slice(1)
    .map((line) => line['rows']);
  assert.deepEqual(rows, Array.from(acts.keys()));
  assert.equal(writes, 3);
});

test('the next chain names the one before by its head', async (t) => {
  const first = await startTrail(t);
  await first.record(READ);
  await first.close(1_000);
  const second = await startTrail(t, { folder: first.folder });
  const [one = '', two = ''] = filesOf(first.folder);
  const texts = textsOf(one);
  const [chain] = linesOf(one);
  assert.equal(linesOf(one).at(-1)?.action, 'stopped');
  assert.deepEqual(linesOf(two)[0]?.['earlier'], [
    { chain: chain?.['chain'], number: texts.length, digest: sha256(texts.at(-1) ?? '') },
  ]);
  // What is named once is not named again.
  await second.close(1_000);
  await startTrail(t, { folder: first.folder });
  const [, , three = ''] = filesOf(first.folder);
  assert.deepEqual(
    earlierOf(three).map((end) => end.chain),
    [linesOf(two)[0]?.['chain']],
  );
});

test('a torn line stays as it is and is named by the next chain', async (t) => {
  const first = await startTrail(t);
  await first.record(READ);
  await first.close(1_000);
  const [file = ''] = filesOf(first.folder);
  appendFileSync(file, '{"action":"rows.re');
  const before = readFileSync(file);
  await startTrail(t, { folder: first.folder });
  const [one = '', two = ''] = filesOf(first.folder);
  assert.deepEqual(readFileSync(one), before);
  const [named] = earlierOf(two);
  assert.deepEqual(named?.torn, { bytes: 18, digest: sha256('{"action":"rows.re') });
  assert.equal(named?.number, textsOf(one).length);
});

test('a chain that was torn in its first line, and one without any, are named too', async (t) => {
  const folder = join(await temporaryFolder(), 'trail');
  mkdirSync(folder);
  writeFileSync(join(folder, '20261127-20261127120000000-0a0a0a0a-000001.ndjson'), '{"act');
  writeFileSync(join(folder, '20261127-20261127120000001-0a0a0a0b-000001.ndjson'), '');
  writeFileSync(join(folder, 'notes.txt'), 'not ours');
  await startTrail(t, { folder });
  const own = filesOf(folder).find((file) => statSync(file).size > 100) ?? '';
  assert.deepEqual(linesOf(own)[0]?.['earlier'], [
    {
      chain: '20261127120000000-0a0a0a0a',
      number: 0,
      digest: '',
      torn: { bytes: 5, digest: sha256('{"act') },
    },
    { chain: '20261127120000001-0a0a0a0b', number: 0, digest: '' },
  ]);
});

test('two replicas write a chain each', async (t) => {
  const one = await startTrail(t);
  const other = await startTrail(t, { folder: one.folder });
  await Promise.all(
    Array.from({ length: 200 }, (_, rows) =>
      (rows % 2 === 0 ? one : other).record({ ...READ, rows }),
    ),
  );
  const files = filesOf(one.folder);
  assert.equal(files.length, 2);
  for (const file of files) {
    const texts = textsOf(file);
    assert.equal(texts.length, 102);
    for (const [index, line] of linesOf(file).entries()) {
      assert.equal(line.before, index === 0 ? '0'.repeat(64) : sha256(texts[index - 1] ?? ''));
    }
  }
});

test('a day is a segment; the chain goes on', async (t) => {
  let now = Date.UTC(2026, 10, 27, 20, 59, 59);
  const trail = await startTrail(t, { clock: { ...systemClock, now: () => now } });
  await trail.record(READ);
  now += 2_000;
  await trail.record(READ);
  const [one = '', two = ''] = filesOf(trail.folder);
  assert.match(one, /\/20261127-\d{17}-[0-9a-f]{8}-000001\.ndjson$/);
  assert.match(two, /\/20261128-\d{17}-[0-9a-f]{8}-000002\.ndjson$/);
  const [begun, act] = linesOf(two);
  assert.equal(begun?.action, 'segment.begun');
  assert.equal(begun?.before, sha256(textsOf(one).at(-1) ?? ''));
  assert.equal(act?.action, 'rows.read');
  assert.equal(statSync(two).mode & 0o777, 0o600);
});

test('a clock that is set back brings no chain out of order', async (t) => {
  let now = Date.UTC(2026, 10, 27, 12);
  const trail = await startTrail(t, { clock: { ...systemClock, now: () => now } });
  now -= 3_600_000;
  await trail.record(READ);
  const times = linesOf(filesOf(trail.folder)[0] ?? '').map(({ time }) => time);
  assert.deepEqual(times, times.toSorted());
});

const FAULTS: Record<string, (folder: string) => void> = {
  'the folder is gone': (folder) => rmSync(folder, { recursive: true }),
  'the folder was moved away': (folder) => renameSync(folder, `${folder}-elsewhere`),
  'the file is gone': (folder) => rmSync(filesOf(folder)[0] ?? ''),
};
for (const [name, harm] of Object.entries(FAULTS)) {
  test(`${name}: the act is refused, and the trail heals`, async (t) => {
    const trail = await startTrail(t);
    await trail.record(READ);
    harm(trail.folder);
    // The second is refused without a try, and is told of all the same.
    await assert.rejects(trail.record(READ), TrailUnavailableError);
    await assert.rejects(trail.record(READ), TrailUnavailableError);
    await assert.rejects(trail.look(), TrailUnavailableError);
    await sleep(PAUSE_MS);
    await trail.look();
    await trail.record(READ);
    const [first, act] = linesOf(filesOf(trail.folder).at(-1) ?? '');
    assert.equal(first?.['reason'], 'ENOENT');
    assert.equal(first?.['unrecorded'], 2);
    assert.equal(act?.action, 'rows.read');
    assert.equal(trail.logLines.filter((line) => line.includes('cannot be written')).length, 1);
    assert.equal(trail.logLines.filter((line) => line.includes('is written again')).length, 1);
  });
}

test('where no folder can be made every act is refused until it can', async (t) => {
  const place = join(await temporaryFolder(), 'not-a-folder');
  writeFileSync(place, '');
  const trail = await startTrail(t, { folder: join(place, 'trail') });
  await assert.rejects(trail.record(READ), /cannot be written: ENOTDIR/);
  rmSync(place);
  await sleep(PAUSE_MS);
  await trail.record(READ);
});

test('a full disk: the act is refused, what was torn stays, and all heals with room', async (t) => {
  const folder = join(await temporaryFolder(), 'trail');
  const unmount = mountSmall(folder, '64k');
  if (unmount === undefined) return t.skip('no file system can be mounted here');
  t.after(unmount);
  const trail = await startTrail(t, { folder });
  const filling = join(folder, 'filling');
  writeFileSync(filling, Buffer.alloc(48 * 1024));
  let written = 0;
  await assert.rejects(async () => {
    for (; written < 1_000; written += 1) await trail.record({ ...READ, file: 'x'.repeat(300) });
  }, /cannot be written: ENOSPC/);
  assert.ok(written > 5);
  rmSync(filling);
  await sleep(PAUSE_MS);
  await trail.record(READ);
  const files = filesOf(folder);
  assert.equal(files.length, 2);
  const [torn, next] = files.map((file) => readFileSync(file, 'utf8'));
  const [named] = earlierOf(files[1] ?? '');
  assert.equal(named?.number, textsOf(files[0] ?? '').length);
  assert.equal(named?.torn?.bytes ?? 0, (torn ?? '').length - (torn ?? '').lastIndexOf('\n') - 1);
  assert.match(next ?? '', /"reason":"ENOSPC"/);
});

test('a disk that is read-only: the act is refused, and all heals', async (t) => {
  const folder = join(await temporaryFolder(), 'trail');
  const unmount = mountSmall(folder, '1m');
  if (unmount === undefined) return t.skip('no file system can be mounted here');
  t.after(unmount);
  const trail = await startTrail(t, { folder });
  await trail.close(1_000);
  execFileSync('mount', ['-o', 'remount,ro', folder]);
  const next = await startTrail(t, { folder });
  await assert.rejects(next.record(READ), /cannot be written: EROFS/);
  execFileSync('mount', ['-o', 'remount,rw', folder]);
  await sleep(PAUSE_MS);
  await next.record(READ);
});
