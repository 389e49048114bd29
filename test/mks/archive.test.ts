/** The file of async-report-content: told from a message, counted, and never cut short in silence. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { MksError } from '../../src/mks/errors.ts';
import type { MksArchive } from '../../src/mks/types.ts';
import { jws, message } from '../support/upstream.ts';
import { CONTENT, errorOf, mkk, setUp, type Setting } from './support.ts';

const zip = Buffer.concat([Buffer.from('PK\u0003\u0004'), randomBytes(3_000_000)]);

async function archiveOf({ mks }: Setting, signal?: AbortSignal): Promise<MksArchive> {
  const answer = await mks.call({ ...CONTENT, ...(signal && { signal }) });
  assert.ok(answer.kind === 'archive', 'a file was expected');
  return answer;
}

async function read(archive: MksArchive): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of archive.stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

test('a file comes through byte for byte, whatever it begins with and is called', async (t) => {
  const setting = await setUp(t);
  const bodies = [zip, Buffer.from('PK\u0003\u0004'), randomBytes(1000), Buffer.from('tamam')];
  // Random bytes must not look like a message by chance.
  bodies[2]?.fill(0x01, 0, 1);
  for (const [index, body] of bodies.entries()) {
    const type = ['application/octet-stream', 'text/plain', 'application/json'][index] ?? 'x/y';
    setting.upstream.onCall = () => ({ headers: { 'content-type': type }, body });
    const archive = await archiveOf(setting);
    assert.equal(archive.httpStatus, 200);
    assert.ok((await read(archive)).equals(body));
  }
  await sleep(20);
  const line = setting.exchanges.at(-1);
  assert.equal(line?.outcome, 'answered');
  assert.equal(line?.answer, undefined);
  assert.ok(line?.requestDigest);
});

test('messages are told from files by their shape', async (t) => {
  const setting = await setUp(t);
  const { upstream, mks } = setting;
  const wrappings: ((text: string) => string)[] = [
    (text) => text,
    (text) => `\r\n${text}\n`,
    (text) => JSON.stringify(text),
    (text) => `\uFEFF${text}`,
  ];
  for (const wrap of wrappings) {
    for (const status of [200, 422]) {
      upstream.onCall = (received) => ({
        status,
        headers: { 'content-type': 'application/octet-stream' },
        body: wrap(jws(message(received, 'RP022'), mkk.privateKey)),
      });
      const answer = await mks.call(CONTENT);
      assert.equal(answer.kind === 'message' && answer.code, 'RP022');
    }
  }
});

test('a JWS with an indented header is a message too', async (t) => {
  const { upstream, mks } = await setUp(t);
  for (const header of ['{\n "alg":"RS256"}', '{ "alg":"RS256"}', '{\r\n\t"alg":"RS256"}']) {
    upstream.onCall = (received) => ({
      body: jws(message(received, 'RP018'), mkk.privateKey, header),
    });
    const answer = await mks.call(CONTENT);
    assert.equal(answer.kind === 'message' && answer.code, 'RP018');
  }
});

test('a file that breaks off is an error, not an end', async (t) => {
  const setting = await setUp(t);
  setting.upstream.onCall = () => (response) => {
    response.writeHead(200, { 'content-length': zip.length });
    response.write(zip.subarray(0, 100_000), () => response.destroy());
  };
  const archive = await archiveOf(setting);
  const error = await errorOf(read(archive));
  assert.equal(error.code, 'mks-unknown-outcome');
  assert.equal(error.outcome, 'unknown');
  assert.equal(error.details.senderReference, archive.senderReference);
  assert.equal(setting.exchanges.at(-1)?.outcome, 'unknown');
});

test('a file that drips ends at the deadline of downloads, not of messages', async (t) => {
  const setting = await setUp(t, { config: { requestTimeoutMs: 200, downloadTimeoutMs: 700 } });
  setting.upstream.onCall = () => (response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write(zip.subarray(0, 100)), 20);
    response.on('close', () => clearInterval(timer));
  };
  const began = performance.now();
  const error = await errorOf(archiveOf(setting).then(read));
  const tookMs = performance.now() - began;
  assert.equal(error.code, 'mks-unknown-outcome');
  assert.ok(tookMs > 600 && tookMs < 950, `${tookMs}`);
});

test('a file above the bound is refused, said or unsaid', async (t) => {
  const setting = await setUp(t, { config: { archiveMaxBytes: 1_000_000 } });
  for (const headers of [{ 'content-length': String(zip.length) }, {}]) {
    setting.upstream.onCall = () => (response) => void response.writeHead(200, headers).end(zip);
    const archive = await archiveOf(setting);
    let bytes = 0;
    const error = await errorOf(
      (async () => {
        for await (const chunk of archive.stream) bytes += chunk.byteLength;
      })(),
    );
    assert.equal(error.code, 'mks-error');
    assert.equal(error.details.tooLarge, true);
    assert.ok(bytes <= 1_000_000);
  }
});

test('a slow reader is not MKS’s silence, and gets every byte', async (t) => {
  const setting = await setUp(t);
  setting.upstream.onCall = () => ({ body: zip });
  const archive = await archiveOf(setting);
  const hash = createHash('sha256');
  for await (const chunk of archive.stream) {
    hash.update(chunk);
    await sleep(5);
  }
  assert.equal(hash.digest('hex'), createHash('sha256').update(zip).digest('hex'));
});

test('letting a file go frees the connection', async (t) => {
  const setting = await setUp(t);
  const closed: number[] = [];
  setting.upstream.onCall = () => (response) => {
    response.on('close', () => closed.push(Date.now()));
    response.writeHead(200).write(zip);
  };
  const abort = new AbortController();
  (await archiveOf(setting)).cancel();
  await archiveOf(setting, abort.signal);
  abort.abort();
  const third = await archiveOf(setting);
  for await (const chunk of third.stream) if (chunk.byteLength > 0) break;
  const reading = archiveOf(setting).then(async (archive) => {
    setTimeout(() => archive.cancel(), 50);
    return read(archive);
  });
  await assert.rejects(reading, MksError);
  const deadline = Date.now() + 2000;
  while (closed.length < 4 && Date.now() < deadline) await sleep(10);
  assert.equal(closed.length, 4);
});
