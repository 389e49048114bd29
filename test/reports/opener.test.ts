/** What a ready report holds, when the disk has lost it and MKS is asked again. */
import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { ReportGoneError } from '../../src/reports/errors.ts';
import { createFetcher } from '../../src/reports/fetcher.ts';
import { createOpener } from '../../src/reports/opener.ts';
import { createSpool } from '../../src/reports/spool/spool.ts';
import { ArchiveError } from '../../src/rows/read/errors.ts';
import { ndjson, ROW } from '../rows/read/helpers.ts';
import { temporaryFolder } from '../support/folder.ts';
import { errorOf } from '../mks/support.ts';
import { archive, passwordOf, setUpLife, signed } from './life/support.ts';

/** A ready report of two rows, whose files lie in the folder. */
async function setUp(t: TestContext) {
  const life = await setUpLife(t, { requestTimeoutMs: 10_000, downloadTimeoutMs: 10_000 });
  const { deps } = life;
  const folder = await temporaryFolder();
  const spool = await createSpool(folder);
  const limits = { fileMaxBytes: 1_000_000, fileType: 'json' } as const;
  const fetcher = createFetcher({ ...deps, ...limits, spool });
  Object.assign(deps, { fetcher });
  const report = await life.begin({
    state: 'preparing',
    phase: 'fetch',
    refId: 'R1',
    fileNames: ['one.zip'],
    acceptedAt: Date.now(),
  });
  const zip = (rows: number) => archive(passwordOf(life, report), rows);
  life.answer(await zip(2));
  await life.run(report);
  assert.equal((await life.record(report)).state, 'ready');
  const opener = createOpener({ ...deps, ...limits, spool });
  const shown = { ...report, files: [] };
  const readRows = async () => {
    const { bytes } = await opener.openRows(shown);
    return Buffer.concat(await Array.fromAsync(bytes())).toString();
  };
  const readFileOf = async () => {
    const name = (await life.record(report)).files?.[0] ?? '';
    const file = await opener.openFile(shown, name);
    return Buffer.concat(await Array.fromAsync(file.stream())).toString();
  };
  const kept = async (kind: string) => {
    const name = (await readdir(folder)).find((each) => each.endsWith(kind));
    assert.ok(name !== undefined);
    return join(folder, name);
  };
  return { ...life, folder, zip, readRows, readFileOf, kept };
}

test('a file that is damaged or gone is fetched again before a byte of it is given', async (t) => {
  const { upstream, answer, zip, readRows, readFileOf, kept } = await setUp(t);
  const whole = await readFileOf();
  const damages: [what: string, damage: () => Promise<void>, read: () => Promise<string>][] = [
    ['rows', () => damage('rows'), readRows],
    ['archive', () => damage('archive'), readFileOf],
    ['archive gone', async () => rm(await kept('archive')), readFileOf],
  ];
  for (const [what, strike, read] of damages) {
    const before = upstream.calls.length;
    await strike();
    answer(await zip(2));
    assert.equal(await read(), read === readRows ? ndjson([ROW, ROW]) : whole, what);
    assert.equal(upstream.calls.length, before + 1, what);
  }

  async function damage(kind: string): Promise<void> {
    const path = await kept(kind);
    const bytes = await readFile(path);
    bytes.writeUInt8(bytes.readUInt8(40) ^ 1, 40);
    await writeFile(path, bytes);
  }
});

test('other rows than those that were given out before are nobody’s', async (t) => {
  const { answer, folder, zip, readRows, kept } = await setUp(t);
  await rm(await kept('rows'));
  answer(await zip(3));
  await assert.rejects(readRows(), (error) => {
    assert.ok(error instanceof ArchiveError);
    return error.reason === 'corrupt';
  });
  assert.deepEqual(await readdir(folder), []);
  answer(await zip(2));
  assert.equal(await readRows(), ndjson([ROW, ROW]));
});

test('what MKS says in the place of the file is told: gone, or its refusal', async (t) => {
  const { answer, readRows, kept } = await setUp(t);
  await rm(await kept('rows'));
  answer(signed('RP018'));
  await assert.rejects(readRows(), ReportGoneError);
  answer(signed('RP039'));
  const { code, outcome, details } = await errorOf(readRows());
  assert.deepEqual([code, outcome, details.mksCode], ['mks-error', 'refused', 'RP039']);
  assert.equal(details.verified, true);
  assert.match(details.senderReference ?? '', /^GW\d+-/);
});
