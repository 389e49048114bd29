/** What a thread gives is what is given without one: the same rows, and the same errors. */
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { decode, type DecodingTask } from '../../../src/reports/decoding/decode.ts';
import { createDecodingThreads } from '../../../src/reports/decoding/threads.ts';
import { SpoolDamagedError } from '../../../src/reports/errors.ts';
import { createSpool, type Draft } from '../../../src/reports/spool/spool.ts';
import { COLUMN_NAMES } from '../../../src/rows/read/index.ts';
import { chunks, fails, HEADER, pack, PASSWORD, ROW } from '../../rows/read/helpers.ts';
import { temporaryFolder } from '../../support/folder.ts';

const key = randomBytes(32);
const threads = createDecodingThreads();
const unaborted = new AbortController().signal;

const LINES = Array.from({ length: 20_000 }, (_, n) => ROW.with(2, String(n)).join(';'));
const CSV = [HEADER, ...LINES, ''].join('\n');

async function setUp(
  archive: Uint8Array,
): Promise<{ task: DecodingTask; draft: Draft; folder: string; read(): Promise<string> }> {
  const folder = await temporaryFolder();
  const spool = await createSpool(folder);
  const id = randomUUID();
  const draft = await spool.draft(id, key, 'run');
  await draft.archive(0, chunks(archive, 100_000));
  const limits = { fileMaxBytes: 1e9, fileType: 'csv' } as const;
  const asked = { member: 'TIB', processDate: '20250506' };
  const task = { ...draft.files(0), zipPassword: PASSWORD, limits, asked };
  return {
    task,
    draft,
    folder,
    async read() {
      await draft.commit();
      return Buffer.concat(await Array.fromAsync(spool.plainRows(id, key, 1))).toString();
    },
  };
}

test('rows, remarks, name and digest are the same in a thread and without one', async () => {
  const archive = await pack([['rapor.csv', CSV]], { zipCrypto: true });
  const here = await setUp(archive);
  const there = await setUp(archive);
  const decoded = await decode(here.task);
  assert.deepEqual(await threads.decode(there.task, unaborted), decoded);
  assert.equal(decoded.rowCount, LINES.length);
  assert.equal(decoded.remarks[0]?.remark, 'other-date');
  const rows = await there.read();
  assert.equal(rows, await here.read());
  assert.equal(rows.split('\n').length, LINES.length + 1);
});

test('rows that begin anew leave nothing of the first attempt', async () => {
  // The first amounts can be read in two ways, the last says in which, and that it was the other.
  const lines = LINES.map((line) => line.replace('1500.50', '1.500'));
  const last = ROW.with(COLUMN_NAMES.indexOf('BAKIYE'), '1,5').join(';');
  const csv = [HEADER, ...lines, last, ''].join('\n');
  const { task, read } = await setUp(await pack([['rapor.csv', csv]]));
  const { rowCount } = await threads.decode(task, unaborted);
  assert.equal(rowCount, lines.length + 1);
  const rows = await read();
  assert.equal(rows.split('\n').length, lines.length + 2);
  assert.ok(rows.includes('"balanceAmount":"1500"') && !rows.includes('"1.500"'));
});

test('an error comes out of a thread as what it was', async () => {
  const archive = await pack([['rapor.csv', CSV]]);
  const { task, draft, folder } = await setUp(archive);
  const wrong = (change: Partial<DecodingTask>): Promise<unknown> =>
    threads.decode({ ...task, ...change }, unaborted);
  await fails(wrong({ zipPassword: 'Parola124x' }), 'wrong-password');
  await fails(wrong({ limits: { fileMaxBytes: 10, fileType: 'csv' } }), 'too-large');
  const damaged = Uint8Array.from(archive);
  damaged[1000] = (damaged[1000] ?? 0) ^ 1;
  await fails(threads.decode((await setUp(damaged)).task, unaborted), 'corrupt');
  const other = { ...task.archive, context: 'another file' };
  await assert.rejects(wrong({ archive: other }), SpoolDamagedError);
  const missing = { ...task.archive, path: `${task.archive.path}.missing` };
  await assert.rejects(wrong({ archive: missing }), { code: 'ENOENT' });
  // The rows are written in a thread of their own: its errors come as far.
  const nowhere = { ...task.rows, path: `${folder}/nowhere/rows` };
  await assert.rejects(wrong({ rows: nowhere }), { code: 'ENOENT' });
  // The thread has outlived them all.
  assert.equal((await threads.decode(task, unaborted)).rowCount, LINES.length);
  await draft.discard();
  assert.deepEqual(await readdir(folder), []);
});

test('several at once are kept apart', async () => {
  const settings = await Promise.all(
    [1, 2, 3].map(async (count) => {
      const csv = [HEADER, ...LINES.slice(0, count * 1000), ''].join('\n');
      return setUp(await pack([['rapor.csv', csv]]));
    }),
  );
  const decoded = await Promise.all(settings.map(({ task }) => threads.decode(task, unaborted)));
  assert.deepEqual(
    decoded.map(({ rowCount }) => rowCount),
    [1000, 2000, 3000],
  );
});

test('who is called away ends the thread, and leaves nothing in the spool', async () => {
  const { task, draft, folder } = await setUp(await pack([['rapor.csv', CSV]]));
  const leaving = new AbortController();
  const decoding = threads.decode(task, leaving.signal);
  const reason = new Error('closing time');
  leaving.abort(reason);
  await assert.rejects(decoding, (error) => error === reason);
  await assert.rejects(threads.decode(task, leaving.signal), (error) => error === reason);
  await draft.discard();
  assert.deepEqual(await readdir(folder), []);
});
