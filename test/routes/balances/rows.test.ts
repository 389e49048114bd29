/** Rows in each format, their validators and codings, and what a failure on the way looks like. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  brotliDecompressSync,
  constants,
  gunzipSync,
  zstdCompressSync,
  zstdDecompressSync,
} from 'node:zlib';
import type { Report } from '../../../src/reports/types.ts';
import { formats } from '../../../src/rows/formats/index.ts';
import { ROW_TEXT, rowsOf } from '../../support/desk.ts';
import { startEdge } from '../../support/edge.ts';

const PATH = '/balances/ready/rows';
const READY: Partial<Report> & { id: string } = {
  id: 'ready',
  state: 'ready',
  refId: 'REF',
  rowCount: 2,
  files: ['rapor.csv'],
};

const DECODERS = { zstd: zstdDecompressSync, gzip: gunzipSync, br: brotliDecompressSync };

test('writes JSON with rowCount last, whatever the pieces', async (t) => {
  const { desk, get } = await startEdge(t);
  desk.put(READY);
  const rows = ROW_TEXT.trimEnd().split('\n');
  const expected = `{"id":"ready","member":"TIB","processDate":"20250505","refId":"REF","rows":[${rows.join(',')}],"rowCount":2}\n`;
  const cuts = [[ROW_TEXT], rows.map((row) => `${row}\n`), ['', ROW_TEXT, '']];
  for (const [n, pieces] of cuts.entries()) {
    desk.put({ ...READY, digest: `cut ${n}` });
    desk.rows = rowsOf(pieces, 2);
    const response = await get(PATH);
    assert.match(response.headers.get('content-type') ?? '', /^application\/json/);
    assert.equal(await response.text(), expected);
  }
  desk.put({ ...READY, rowCount: 0, digest: '' });
  desk.rows = rowsOf([], 0);
  assert.match(await (await get(PATH)).text(), /"rows":\[\],"rowCount":0\}\n$/);
});

test('writes NDJSON, as zstd for those who name it', async (t) => {
  const { desk, url, get } = await startEdge(t);
  desk.put(READY);
  const accept = 'application/x-ndjson';
  const plain = await get(PATH, { accept, 'accept-encoding': 'deflate, zstd;q=0' });
  assert.equal(plain.headers.get('content-encoding'), null);
  assert.equal(await plain.text(), ROW_TEXT);
  const packed = await rawGet(url + PATH, { accept, 'accept-encoding': 'zstd' });
  assert.equal(packed.headers['content-encoding'], 'zstd');
  assert.match(String(packed.headers['vary']), /Accept-Encoding/);
  assert.notEqual(packed.headers['etag'], plain.headers.get('etag'));
  assert.equal(zstdDecompressSync(packed.body).toString(), ROW_TEXT);
  desk.put({ ...READY, digest: 'as kept' });
  const kept = zstdCompressSync(ROW_TEXT, { params: { [constants.ZSTD_c_compressionLevel]: 19 } });
  desk.rows.zstd = async function* () {
    yield kept;
  };
  const asKept = await rawGet(url + PATH, { accept, 'accept-encoding': 'zstd' });
  assert.deepEqual(asKept.body, kept);
});

test('writes each format in each coding, streamed or whole, with a tag of its own', async (t) => {
  const { desk, url } = await startEdge(t);
  const tags = new Set<unknown>();
  for (const rowCount of [2, 1_000_000]) {
    desk.put({ ...READY, rowCount, digest: `rows ${rowCount}` });
    desk.rows = rowsOf([ROW_TEXT, ROW_TEXT], rowCount);
    for (const { name, shape } of formats) {
      const address = `${url}${PATH}?format=${name}`;
      const plain = await rawGet(address, {});
      assert.equal(plain.headers['content-encoding'], undefined);
      for (const [coding, decode] of Object.entries(DECODERS)) {
        const packed = await rawGet(address, { 'accept-encoding': `${coding}, identity;q=0.5` });
        // A file is compressed in itself.
        const isCoded = shape !== 'file';
        assert.equal(packed.headers['content-encoding'], isCoded ? coding : undefined);
        const body = isCoded ? decode(packed.body) : packed.body;
        assert.deepEqual(body, plain.body, `${name} ${coding} ${rowCount}`);
        tags.add(packed.headers['etag']);
      }
      tags.add(plain.headers['etag']);
    }
  }
  const files = formats.filter(({ shape }) => shape === 'file').length;
  assert.equal(tags.size, 2 * (formats.length * 4 - files * 3));
});

test('reads a small report once for all who read it alike, and keeps it for a while', async (t) => {
  const { desk, url } = await startEdge(t);
  desk.put({ ...READY, digest: 'one' });
  let reads = 0;
  desk.rows.bytes = desk.rows.lines = async function* () {
    reads += 1;
    await new Promise((resolve) => setTimeout(resolve, 20));
    yield Buffer.from(ROW_TEXT);
  };
  const read = (accept: string) => rawGet(url + PATH, { accept });
  const bodies = await Promise.all(Array.from({ length: 20 }, () => read('text/csv')));
  for (const { body } of bodies) assert.deepEqual(body, bodies[0]?.body);
  await read('text/csv');
  assert.equal(reads, 1);
  await read('application/json');
  assert.equal(reads, 2);
  desk.put({ ...READY, digest: 'other rows' });
  await read('text/csv');
  assert.equal(reads, 3);
});

test('gives a large body whole to many at once, in windows of the same bytes', async (t) => {
  const { desk, url } = await startEdge(t);
  const line = `{"isin":"${'Ş'.repeat(500)}"}\n`;
  desk.put({ ...READY, rowCount: 3_000, digest: 'large' });
  desk.rows = rowsOf([line.repeat(3_000)], 3_000);
  const headers = { accept: 'application/x-ndjson' };
  const answers = await Promise.all(Array.from({ length: 40 }, () => rawGet(url + PATH, headers)));
  for (const { body, headers: sent } of answers) {
    assert.equal(sent['content-length'], String(body.length));
    assert.equal(body.toString(), line.repeat(3_000));
  }
});

test('writes CSV by RFC 4180 and as a Turkish Excel wants it', async (t) => {
  const { desk, url, get } = await startEdge(t);
  desk.put(READY);
  const standard = await get(PATH, { accept: 'text/csv' });
  assert.equal(
    await standard.text(),
    'BAKIYE_TARIHI,UYE,HESAP,ALT_HESAP,KIYMET_SINIFI,MIC,ISIN,EK_TANIM,BAKIYE\r\n' +
      '20250505,TIB,1001,SERB,HS,XIST,TRAGARAN91N1,"Ek; ""tanım""",-1250.10\r\n' +
      '20250505,TIB,=1+1,,HS,,TRAGARAN91N1,"a,b\nc",12345678901234567.123\r\n',
  );
  const excel = await rawGet(`${url}${PATH}?dialect=excel-tr`, { accept: 'text/html, */*' });
  assert.equal(
    excel.body.toString('utf8'),
    '\ufeffBAKIYE_TARIHI;UYE;HESAP;ALT_HESAP;KIYMET_SINIFI;MIC;ISIN;EK_TANIM;BAKIYE\r\n' +
      '20250505;TIB;1001;SERB;HS;XIST;TRAGARAN91N1;"Ek; ""tanım""";-1250,10\r\n' +
      '20250505;TIB;"=""=1+1""";;HS;;TRAGARAN91N1;"a,b\nc";"=""12345678901234567,123"""\r\n',
  );
  assert.equal((await get(`${PATH}?dialect=excel`)).status, 400);
});

test('a format that is named wins over Accept', async (t) => {
  const { desk, get } = await startEdge(t);
  desk.put(READY);
  for (const { name, contentType, extension } of formats) {
    const headers = { accept: 'image/png', 'accept-encoding': 'identity' };
    const response = await get(`${PATH}?format=${name}`, headers);
    assert.equal(response.status, 200, name);
    assert.equal(response.headers.get('content-type'), contentType);
    assert.match(response.headers.get('etag') ?? '', new RegExp(`-${name}"$`));
    assert.equal(
      response.headers.get('content-disposition'),
      `${name.endsWith('json') ? 'inline' : 'attachment'}; filename="MKK_TIB_2025-05-05.${extension}"`,
    );
  }
  const named = await (await get(`${PATH}?format=csv-excel`)).text();
  assert.equal(named, await (await get(`${PATH}?dialect=excel-tr`)).text());
  assert.equal((await get(`${PATH}?format=pdf`)).status, 400);
});

test('negotiates by weight, exactness and order', async (t) => {
  const { desk, get } = await startEdge(t);
  desk.put(READY);
  const cases: [string, string | undefined][] = [
    ['*/*', 'application/json'],
    ['text/csv', 'text/csv'],
    ['text/*', 'text/csv'],
    ['text/csv;q=0.1, application/*;q=0.2', 'application/json'],
    ['application/json;q=0, */*', 'application/x-ndjson'],
    ['text/html, */*;q=0.1', 'application/json'],
    ['text/csv, application/json', 'text/csv'],
    ['TEXT/CSV; charset=utf-8', 'text/csv'],
    ['text/html', undefined],
    ['*/*;q=0', undefined],
  ];
  for (const [accept, expected] of cases) {
    const response = await get(PATH, { accept });
    const type =
      response.status === 406 ? undefined : response.headers.get('content-type')?.split(';')[0];
    assert.equal(type, expected, accept);
    await response.body?.cancel();
  }
});

test('gives 304 for the same representation only, and answers HEAD without reading', async (t) => {
  const { desk, url, get } = await startEdge(t);
  desk.put(READY);
  const etag = (await get(PATH)).headers.get('etag') ?? '';
  assert.match(etag, /^"[^"]+"$/);
  const same = await get(PATH, { 'if-none-match': `"x", W/${etag}` });
  assert.equal(same.status, 304);
  assert.equal(same.headers.get('etag'), etag);
  assert.equal((await get(PATH, { 'if-none-match': etag, accept: 'text/csv' })).status, 200);
  let reads = 0;
  desk.rows.bytes = desk.rows.lines = async function* () {
    reads += 1;
    yield Buffer.from(ROW_TEXT);
  };
  const head = await fetch(url + PATH, { method: 'HEAD' });
  assert.equal(head.status, 200);
  assert.equal(head.headers.get('row-count'), '2');
  assert.equal(reads, 0);
});

test('breaks the connection when the rows fail on the way; before the first byte it is a problem', async (t) => {
  const { desk, url, get, logLines } = await startEdge(t);
  // So many are streamed, and not encoded as a whole before the answer begins.
  desk.put({ ...READY, rowCount: 1_000_000 });
  let begun = Promise.withResolvers<void>();
  const breaksOff = async (headers: Record<string, string>): Promise<void> => {
    begun = Promise.withResolvers<void>();
    await assert.rejects(rawGet(url + PATH, headers, begun.resolve), JSON.stringify(headers));
  };
  desk.rows.bytes = desk.rows.lines = async function* () {
    // More than the compressor keeps to itself, so that the answer has begun.
    yield Buffer.from(`${ROW_TEXT}{"isin":"${randomBytes(4_000_000).toString('hex')}"}\n`);
    yield Buffer.from(ROW_TEXT);
    await begun.promise;
    throw new Error('the spool is damaged');
  };
  for (const { mediaType: accept } of formats) {
    await breaksOff({ accept, 'accept-encoding': 'zstd' });
    await breaksOff({ accept });
  }
  desk.rows.bytes = desk.rows.lines = () => ({
    [Symbol.asyncIterator]: () => ({
      next: () => Promise.reject(new Error('the spool is damaged')),
    }),
  });
  const response = await get(PATH, { accept: 'application/x-ndjson' });
  assert.equal(response.status, 500);
  assert.equal(response.headers.get('etag'), null);
  assert.equal(response.headers.get('row-count'), null);
  assert.equal(response.headers.get('content-disposition'), null);
  const body = await response.text();
  assert.doesNotMatch(body, /spool/);
  assert.ok(logLines.some((line) => line.includes('the spool is damaged')));
  assert.ok(!logLines.some((line) => line.includes('TRAGARAN91N1')));
});

test('reads a source no faster than the caller does', async (t) => {
  const { desk, url } = await startEdge(t);
  desk.put(READY);
  let pieces = 0;
  const closed = Promise.withResolvers<void>();
  desk.rows.bytes = desk.rows.lines = async function* () {
    try {
      for (; pieces < 10_000; pieces += 1) yield Buffer.alloc(1024 * 1024, `{"isin":"X"}\n`);
    } finally {
      closed.resolve();
    }
  };
  const request = httpRequest(url + PATH, { headers: { accept: 'application/x-ndjson' } });
  request.end();
  await new Promise((resolve) => request.once('response', resolve));
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.ok(pieces < 64, `read ${pieces} MiB for a caller who took nothing`);
  request.destroy();
  await closed.promise;
});

test('tells why there are no rows', async (t) => {
  const { desk, get } = await startEdge(t);
  desk.put({ id: 'a', state: 'preparing' });
  desk.put({ id: 'b', state: 'cancelled' });
  desk.put({ id: 'c', state: 'expired' });
  desk.put({
    id: 'd',
    state: 'failed',
    failure: { code: 'mks-archive-invalid', detail: 'damaged', reason: 'truncated' },
  });
  desk.put({ id: 'e', state: 'ready', member: 'AKY' });
  const statuses: number[] = [];
  for (const id of ['a', 'b', 'c', 'd', 'e', 'f', 'x'.repeat(65)]) {
    statuses.push((await get(`/balances/${id}/rows`)).status);
  }
  assert.deepEqual(statuses, [409, 409, 410, 502, 404, 404, 404]);
  const problem = (await (await get('/balances/d/rows')).json()) as { reason: string };
  assert.equal(problem.reason, 'truncated');
});

test('gives the file of MKS byte for byte, by name if there are several', async (t) => {
  const { desk, get } = await startEdge(t);
  desk.put(READY);
  const response = await get('/balances/ready/file');
  assert.equal(await response.text(), 'HESAP\r\n');
  assert.equal(response.headers.get('content-disposition'), 'attachment; filename="rapor.csv"');
  assert.equal((await get('/balances/ready/file?name=other.csv')).status, 404);
  desk.put({ id: 'two', state: 'ready', files: ['a.csv', 'b"ğ.csv'] });
  const missing = await get('/balances/two/file');
  assert.equal(missing.status, 400);
  assert.match(await missing.text(), /a\.csv/);
  desk.file = { ...desk.file, name: 'b"ğ.csv' };
  const named = await get(`/balances/two/file?name=${encodeURIComponent('b"ğ.csv')}`);
  assert.equal(
    named.headers.get('content-disposition'),
    `attachment; filename="b__.csv"; filename*=UTF-8''b%22%C4%9F.csv`,
  );
});

interface RawAnswer {
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** The bytes as they came; rejects when the connection breaks before the end. */
function rawGet(
  url: string,
  headers: Record<string, string>,
  onBegin?: () => void,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { headers }, (response) => {
      onBegin?.();
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ headers: response.headers, body: Buffer.concat(chunks) }));
    });
    request.on('error', reject);
    request.end();
  });
}

test('a reader that takes a large report bit by bit gets each byte, whatever the coding', async (t) => {
  const { desk, url } = await startEdge(t);
  // Each piece in a memory of its own, which goes as soon as it may; none like another.
  const pieces = Array.from({ length: 60 }, () => `${randomBytes(100 * 1024).toString('hex')}\n`);
  desk.put({ ...READY, rowCount: 1_000_000 });
  desk.rows = rowsOf(pieces, 1_000_000);
  const expected = Buffer.from(pieces.join(''));
  for (const [coding, decode] of Object.entries({ identity: Buffer.from, ...DECODERS })) {
    const headers = { accept: 'application/x-ndjson', 'accept-encoding': coding };
    const taken: Buffer[] = [];
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      httpRequest(`${url}${PATH}`, { headers }, resolve).on('error', reject).end();
    });
    for await (const bytes of answer) {
      taken.push(bytes as Buffer);
      if (taken.length % 20 === 0) await sleep(5);
    }
    assert.ok(decode(Buffer.concat(taken)).equals(expected), coding);
  }
});
