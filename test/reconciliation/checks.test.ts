/** Checks take turns, and give them back whatever happens. */
import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { createChecks } from '../../src/reconciliation/checks.ts';
import { temporaryFolder } from '../support/folder.ts';
import { keptChecksFor } from '../support/kept-checks.ts';

async function* body(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('HESAP,ALT_HESAP,ISIN,BAKIYE\n1001,SERB,TRAGARAN91N1,1.50\n');
}

test('a disk that takes nothing costs no turn', { timeout: 30_000 }, async (t) => {
  const folder = join(await temporaryFolder(), 'scratch');
  await writeFile(folder, 'a file in its place');
  const checks = createChecks({
    desk: { rowFiles: async () => ({ rowCount: 0, files: [] }) },
    kept: await keptChecksFor(t),
    answerTo: async () => undefined,
    folder,
  });
  const { signal } = new AbortController();
  const sent = () => ({ body: body(), client: 'desk', signal, letGo: () => undefined });
  for (let n = 0; n < 6; n += 1) {
    await assert.rejects(Array.fromAsync(checks.preview(sent(), 5)), /EEXIST|ENOTDIR/);
  }
  await rm(folder);
  const document = Buffer.concat(await Array.fromAsync(checks.preview(sent(), 5))).toString();
  assert.equal((JSON.parse(document) as { lineCount: number }).lineCount, 1);
});
