/** The evidence of a check: made with the gateway, proved without it, and what is changed fails. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { type CheckEvidence, makeCheckEvidence } from '../../cli/evidence/check.ts';
import { readCertificates } from '../../cli/evidence/document.ts';
import { inherited } from '../support/inherited.ts';
import { temporaryFolder } from '../support/folder.ts';
import { makeIdentity } from '../support/identities.ts';
import { DATE, rowsOf, startPair } from '../support/pair.ts';

const CLI = join(import.meta.dirname, '../../cli/main.ts');
const LEDGER = 'HESAP;ALT_HESAP;ISIN;EK_TANIM;BAKIYE\n1;SERB;T;"Ğ ""x""\\";1,5\n2;SERB;T;;7\n';

/** Not in step with the test: the gateway that it asks lives in this process. */
function run(args: string[], environment: Record<string, string> = {}) {
  return new Promise<{ code: number; output: string; errors: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      [CLI, 'evidence', ...args],
      { env: { PATH: process.env['PATH'], LANG: 'C', ...inherited, ...environment } },
      (_error, output, errors) => resolve({ code: child.exitCode ?? -1, output, errors }),
    );
  });
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

test('a check proves itself offline, with the ledger and the rows too; a changed file fails', async (t) => {
  const { ask, get, url, sandbox } = await startPair(t);
  const folder = await temporaryFolder();
  const { id: report, refId } = await rowsOf(await ask({ processDate: DATE }));
  const answered = await fetch(`${url}/balances/check?processDate=${DATE}&ledger=back-office`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv' },
    body: LEDGER,
  });
  const { id } = (await answered.json()) as { id: string };
  const [file, ledger, rows] = ['evidence.json', 'ledger.csv', 'rows.ndjson'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  await writeFile(ledger, LEDGER);
  await writeFile(rows, await (await get(`/balances/${report}/rows?format=ndjson`)).text());
  const environment = {
    MKS_GATEWAY_URL: url,
    MKS_TRUSTED_CERTIFICATES_FILE: sandbox.trustedCertificateFile,
  };
  const made = await run(['--check', id, '--out', file], environment);
  assert.equal(made.code, 0, made.errors + made.output);
  assert.equal((await stat(file)).mode & 0o777, 0o600);

  const proved = await run(['--verify', file, '--ledger', ledger, '--rows', rows]);
  assert.equal(proved.code, 0, proved.errors + proved.output);
  for (const part of [/^PROVED/, id, refId, sha256(LEDGER), 'onlyInLedger 2']) {
    assert.match(proved.output, new RegExp(part));
  }
  const turkish = await run(['--verify', file], { LANG: 'tr_TR.UTF-8' });
  assert.match(turkish.output, /^KANITLANDI/);

  const evidence = JSON.parse(await readFile(file, 'utf8')) as CheckEvidence;
  const certificates = readCertificates(sandbox.trustedCertificatePem);
  const { check, breaks } = evidence;
  const [first, ...others] = breaks as Record<string, string>[];
  /** As a careful hand would: with a checksum that fits. */
  const again = (change: object, of: unknown[] = breaks): CheckEvidence =>
    makeCheckEvidence({ ...check, ...change, breaks: of }, certificates);
  const digestOf = (of: unknown[]): string =>
    sha256(of.map((each) => `${JSON.stringify(each)}\n`).join(''));
  const changes: [what: string, changed: object, reason: RegExp][] = [
    ['a break', { ...evidence, breaks: [{ ...first, ledger: '9' }, ...others] }, /breaks are not/],
    ['one break less', { ...evidence, breaks: others }, /breaks are not/],
    ['that and its digest', again({ breaksSha256: digestOf(others) }, others), /counts are not/],
    ['a count', again({ counts: { ...check.counts, onlyAtMks: 0 } }), /counts are not/],
    ['the refId', again({ refId: `${refId}1` }), /another refId/],
    ['the reference', again({ mks: { ...check.mks, senderReference: 'GW1-X' } }), /reference/i],
    ['the code', again({ mks: { ...check.mks, code: 'RP018' } }), /code/],
    [
      'the signature',
      again({ mks: { ...check.mks, answer: `${check.mks.answer}A` } }),
      /signature/,
    ],
    ['the day', { ...evidence, check: { ...check, processDate: '20260303' } }, /checksum/],
    ['a digest', { ...evidence, check: { ...check, ledgerSha256: sha256('') } }, /checksum/],
    ['its format', { ...evidence, breaks: {} }, /not an evidence file/],
  ];
  for (const [what, changed, reason] of changes) {
    const other = join(folder, 'changed.json');
    await writeFile(other, JSON.stringify(changed));
    const { code, output } = await run(['--verify', other]);
    assert.equal(code, 1, what);
    assert.match(output, new RegExp(`^NOT PROVED: .*${reason.source}`, reason.flags), what);
  }
  await writeFile(ledger, `${LEDGER}3;SERB;T;;1\n`);
  const otherLedger = await run(['--verify', file, '--ledger', ledger]);
  assert.deepEqual([otherLedger.code, /ledger .* is another/.test(otherLedger.output)], [1, true]);
  const otherRows = await run(['--verify', file, '--rows', ledger]);
  assert.deepEqual([otherRows.code, /rows .* are others/.test(otherRows.output)], [1, true]);
  const stranger = join(folder, 'other.pem');
  await writeFile(stranger, (await makeIdentity()).certificatePem);
  const untrusted = await run(['--verify', file, '--certificates', stranger]);
  assert.match(untrusted.output, /^NOT PROVED: .*none of those given/);
  const unknown = await run(['--check', '00000000-0000-4000-8000-000000000000'], environment);
  assert.deepEqual([unknown.code, /404/.test(unknown.errors)], [1, true]);
});
