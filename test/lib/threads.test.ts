/** Threads: their answers, their end, and that they are used again. */
import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { createThreads } from '../../src/lib/threads.ts';
import { temporaryFolder } from '../support/folder.ts';
import { until } from '../support/until.ts';

async function threadsOf(source: string, atFirst = '') {
  const path = join(await temporaryFolder(), 'thread.mjs');
  await writeFile(
    path,
    `import { parentPort, threadId } from 'node:worker_threads';\n${atFirst}\n` +
      `parentPort.on('message', (task) => { ${source} });\n`,
  );
  return createThreads(pathToFileURL(path), {});
}
const patient = new AbortController().signal;

test('a thread answers, and the next task finds it again', async () => {
  const threads = await threadsOf('parentPort.postMessage({ task, threadId })');
  const first = (await threads.run('one', patient)) as { task: string; threadId: number };
  assert.equal(first.task, 'one');
  const second = (await threads.run('two', patient)) as typeof first;
  assert.deepEqual(second, { task: 'two', threadId: first.threadId });
  const both = await Promise.all([threads.run('three', patient), threads.run('four', patient)]);
  const ids = new Set((both as (typeof first)[]).map(({ threadId }) => threadId));
  assert.equal(ids.size, 2, 'each has one to itself');
});

test('a thread that was prepared takes the next task, and is one however often it was', async () => {
  const folder = await temporaryFolder();
  const threads = await threadsOf(
    'parentPort.postMessage(threadId)',
    `import { writeFileSync } from 'node:fs';\nwriteFileSync('${folder}/' + threadId, '');`,
  );
  threads.prepare();
  threads.prepare();
  await until(async () => (await readdir(folder)).length > 0);
  const threadId = await threads.run('one', patient);
  assert.deepEqual(await readdir(folder), [String(threadId)]);
});

test('one that ends before its task comes is missing, and nothing more', async () => {
  const threads = await threadsOf('', `throw new Error('broken');`);
  threads.prepare();
  await sleep(300);
  await assert.rejects(threads.run('one', patient), /broken/);
});

test('a thread that throws or ends fails its task alone', async () => {
  const threads = await threadsOf(
    `if (task === 'throw') throw new Error('broken'); if (task === 'end') process.exit(3); ` +
      `parentPort.postMessage(task)`,
  );
  await assert.rejects(threads.run('throw', patient), /broken/);
  await assert.rejects(threads.run('end', patient), /has ended with 3/);
  assert.equal(await threads.run('fine', patient), 'fine');
});

test('who gives up ends the thread, even one that never looks up', async () => {
  const threads = await threadsOf('while (true);');
  const leaving = new AbortController();
  const running = threads.run('spin', leaving.signal);
  setTimeout(() => leaving.abort(new Error('gone')), 200);
  await assert.rejects(running, /gone/);
  await assert.rejects(threads.run('spin', leaving.signal), /gone/);
});
