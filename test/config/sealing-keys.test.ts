/** The sealing keys file: what is read, what is refused without a word of a key, and its first making. */
import assert from 'node:assert/strict';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createFindings } from '../../src/config/findings.ts';
import {
  makeSealingKeysFile,
  newSealingKeyLine,
  readSealingKeys,
} from '../../src/config/sealing-keys.ts';
import { temporaryFolder } from '../support/folder.ts';

const NOW = Date.UTC(2026, 10, 2, 9);
const KEY = Buffer.alloc(32, 7).toString('base64');
const OTHER = Buffer.alloc(32, 8).toString('base64');

async function read(text?: string, makesSealingKeys = false) {
  const dataDir = await temporaryFolder();
  const sealingKeysFile = join(dataDir, 'sealing.keys');
  if (text !== undefined) writeFileSync(sealingKeysFile, text, { mode: 0o600 });
  const findings = createFindings();
  const place = findings.variable('SEALING_KEYS_FILE');
  const keys = readSealingKeys({ sealingKeysFile, makesSealingKeys, dataDir }, place);
  return { keys, mistakes: findings.mistakes.map(({ en }) => en), findings };
}

test('each line is a key, in its order, whatever ends it', async () => {
  const { keys, mistakes } = await read(`new:${KEY}\r\n\nold_1:${OTHER}`);
  assert.deepEqual(mistakes, []);
  assert.deepEqual(
    keys.map(({ id, secret }) => [id, secret.toString('base64')]),
    [
      ['new', KEY],
      ['old_1', OTHER],
    ],
  );
});

test('what is no key is named by its line, and no key is ever told', async () => {
  const wrong: [text: string, mistake: RegExp][] = [
    ['', /holds no sealing key/],
    [KEY, /line 1 is no sealing key/],
    [`a:${KEY}\nb.c:${OTHER}`, /line 2 is no sealing key/],
    [`a:${KEY.slice(4)}`, /line 1 is no/],
    [`a:${KEY}${KEY}`, /line 1 is no/],
    [`a:${KEY}\na:${OTHER}`, /line 2 has the id or the key/],
    [`a:${KEY}\nb:${KEY}`, /line 2 has the id or the key/],
  ];
  for (const [text, mistake] of wrong) {
    const { mistakes } = await read(text);
    assert.match(mistakes.join('\n'), mistake, text);
    assert.ok(!mistakes.join().includes(KEY.slice(4, 20)), 'tells the key');
  }
  const { mistakes } = await read();
  assert.match(mistakes.join(), /cannot read .*ENOENT/);
});

test('the gateway’s own file is made in a new data folder, and missed in one that is not', async () => {
  assert.deepEqual((await read(undefined, true)).mistakes, []);
  const dataDir = await temporaryFolder();
  mkdirSync(join(dataDir, 'redis', 'appendonlydir'), { recursive: true });
  const findings = createFindings();
  const sealingKeysFile = join(dataDir, 'sealing.keys');
  const place = findings.variable('SEALING_KEYS_FILE');
  readSealingKeys({ sealingKeysFile, makesSealingKeys: true, dataDir }, place);
  assert.match(findings.mistakes[0]?.en ?? '', /is missing.*put it back/);
  assert.match(findings.mistakes[0]?.tr ?? '', /geri koyun/);
});

test('a file that is made is its owner’s alone, and never made over another', async () => {
  const path = join(await temporaryFolder(), 'new', 'sealing.keys');
  const [made] = makeSealingKeysFile(path, NOW);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.match(made?.id ?? '', /^20261102-[0-9a-f]{6}$/);
  assert.throws(() => makeSealingKeysFile(path, NOW), { code: 'EEXIST' });
  const findings = createFindings();
  const place = findings.variable('SEALING_KEYS_FILE');
  const own = { sealingKeysFile: path, makesSealingKeys: true, dataDir: '' };
  assert.deepEqual(readSealingKeys(own, place), [made]);
  assert.notEqual(newSealingKeyLine(NOW), newSealingKeyLine(NOW));
});
