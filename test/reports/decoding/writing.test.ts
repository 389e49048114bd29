/** The thread that writes rows: what it writes is what is written without it, and it ends with its starter. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { createSpool } from '../../../src/reports/spool/spool.ts';
import { temporaryFolder } from '../../support/folder.ts';

const WRITING = new URL('../../../src/reports/decoding/writing.ts', import.meta.url).href;
const LINES = ['{"a":"1"}\n', '{"a":"2"}\n{"a":"3"}\n'];

/** Runs code in a thread, as a decoding thread would. @returns its one message. */
async function inThread(folder: string, code: string, workerData: unknown): Promise<unknown> {
  const path = join(folder, 'starter.mjs');
  const imports = `import { parentPort, workerData } from 'node:worker_threads';
    import { startWriting } from '${WRITING}';`;
  await writeFile(path, `${imports}\n${code}`);
  const worker = new Worker(pathToFileURL(path), { workerData });
  try {
    const [message] = (await once(worker, 'message')) as [unknown];
    return message;
  } finally {
    await worker.terminate();
  }
}

test('a file is what its last writer wrote, whatever was begun before', async () => {
  const folder = await temporaryFolder();
  const key = randomBytes(32);
  const spool = await createSpool(folder);
  const draft = await spool.draft('id', key, 'run');
  const { rows } = draft.files(0);
  const code = `
    const bytes = (text) => Uint8Array.from(new TextEncoder().encode(text));
    const { file, lines } = workerData;
    const begin = startWriting();
    const key = Buffer.from(file.key);
    const first = await begin({ ...file, key });
    await first.write(bytes('{"a":"void"}\\n'));
    await first.abandon();
    const rows = await begin({ ...file, key });
    for (const line of lines) await rows.write(bytes(line));
    parentPort.postMessage(await rows.finish());`;
  const file = { ...rows, key: Uint8Array.from(key) };
  const digest = await inThread(folder, code, { file, lines: LINES });
  assert.match(String(digest), /^[0-9a-f]{64}$/);
  await writeFile(draft.files(0).archive.path, '');
  await draft.commit();
  const read = Buffer.concat(await Array.fromAsync(spool.plainRows('id', key, 1))).toString();
  assert.equal(read, LINES.join(''));
});

for (const [title, code, error] of [
  ['fails', `throw new Error('broken')`, /broken/],
  ['ends', 'process.exit(3)', /the thread that writes has ended/],
] as const) {
  test(`where it ${title}, so does the thread that has started it`, async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'broken.mjs');
    const listen = `import { parentPort } from 'node:worker_threads';`;
    await writeFile(path, `${listen}\nparentPort.on('message', () => { ${code} });`);
    const starter = `await startWriting(new URL(workerData))({ key: Buffer.alloc(32) });`;
    await assert.rejects(inThread(folder, starter, pathToFileURL(path).href), error);
  });
}
