/** MKS's own archive as a ledger: opened with its password, and refused for what it is. */
import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeArchive } from '../../sandbox/archives/archive.ts';
import { DEFAULT_SHAPE, type Shape } from '../../sandbox/shape.ts';
import { temporaryFolder } from '../support/folder.ts';
import { DATE, problemOf, rowsOf, startPair } from '../support/pair.ts';

test('MKS’s own file is a ledger as it stands: the archive, with its password in a header', async (t) => {
  const { ask, get, url } = await startPair(t, { shape: { rows: 60 } });
  const folder = await temporaryFolder();
  const { id } = await rowsOf(await ask({ processDate: DATE }));
  const csv = await (await get(`/balances/${id}/rows?format=csv`)).text();
  const password = 'Gizli-Şifre 1%';
  const archive = async (name: string, text: string, change: Partial<Shape> = {}) => {
    const file = join(folder, randomUUID());
    const content = (async function* () {
      yield new TextEncoder().encode(text);
    })();
    const signal = AbortSignal.timeout(10_000);
    await writeArchive(
      file,
      [{ name, content }],
      password,
      { ...DEFAULT_SHAPE, ...change },
      signal,
    );
    return readFileSync(file);
  };
  /** As curl sends a header: the bytes of the terminal. */
  const headerOf = (text: string): string => Buffer.from(text).toString('latin1');
  const send = (body: Buffer | string, headers: Record<string, string> = {}) =>
    fetch(`${url}/balances/check?processDate=${DATE}&ledger=mks`, {
      method: 'POST',
      headers: { 'content-type': 'application/zip', ...headers },
      body: body as string,
    });
  const good = { 'ledger-password': headerOf(password) };
  for (const encryption of ['aes-256', 'zipcrypto'] as const) {
    const zip = await archive('MKK_RP166.csv', csv, { encryption });
    const answered = await send(zip, good);
    const check = (await answered.json()) as {
      breaks: object[];
      lineCount: number;
      ledgerSha256: string;
    };
    assert.equal(answered.status, 200, JSON.stringify(check));
    assert.deepEqual([check.breaks, check.lineCount], [[], 60]);
    assert.equal(check.ledgerSha256, createHash('sha256').update(zip).digest('hex'));
    const damaged = Buffer.from(zip);
    damaged[zip.length >> 1] = (damaged[zip.length >> 1] ?? 0) ^ 1;
    for (const [what, response, reason] of [
      ['no password', send(zip), /^Ledger-Password: is required/],
      // Of 256 wrong passwords one passes ZipCrypto's own test, and what comes out is no file.
      [
        'another',
        send(zip, { 'ledger-password': 'Wrong1234' }),
        encryption === 'aes-256'
          ? /^Ledger-Password: does not open the archive$/
          : /^Ledger-Password: does not open the archive$|^: .* cannot be read/,
      ],
      ['damage', send(damaged, good), /^: .* cannot be read: corrupt/],
      ['half of it', send(zip.subarray(0, zip.length >> 1), good), /^: .*: truncated/],
      ['no archive', send(csv, good), /^: .*: not-a-zip/],
    ] as const) {
      const problem = await problemOf(await response);
      assert.deepEqual([problem.slug, problem.status], ['invalid-request', 400], what);
      const [error] = problem['errors'] as { path: string; message: string }[];
      assert.match(`${error?.path}: ${error?.message}`, reason, what);
    }
  }
  const json = await problemOf(await send(await archive('MKK.json', '[]'), good));
  assert.match(JSON.stringify(json['errors']), /is not csv/);
});
