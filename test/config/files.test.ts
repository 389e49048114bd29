/** Files that the configuration names: read whole or a mistake, and never a word of what is in them. */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readBytes, readJson, readSecretLine, readText } from '../../src/config/files.ts';
import { createFindings } from '../../src/config/findings.ts';
import { temporaryFolder } from '../support/folder.ts';

const folder = await temporaryFolder();
let made = 0;

function write(content: string | Buffer, mode = 0o600): string {
  const path = join(folder, `file-${(made += 1)}`);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

function setUp() {
  const findings = createFindings();
  const english = () => findings.mistakes.map(({ en }) => en);
  return { findings, place: findings.variable('V').at('field'), english };
}

test('what is looked at is noted, and what cannot be read is a mistake', () => {
  const { findings, place, english } = setUp();
  const path = write('content');
  assert.equal(readBytes(path, place, { secret: false })?.toString(), 'content');
  const missing = join(folder, 'missing');
  assert.equal(readBytes(missing, place, { secret: false }), undefined);
  assert.deepEqual([...findings.files], [path, missing], 'what is missing may come later');
  assert.equal(readBytes(folder, place, { secret: false }), undefined);
  assert.deepEqual(english(), [
    `V: field: cannot read ${missing} (ENOENT)`,
    `V: field: ${folder} is not a file`,
  ]);
});

test('a link is followed to its file', () => {
  const { place } = setUp();
  const link = join(folder, 'link');
  symlinkSync(write('linked'), link);
  assert.equal(readText(link, place, { secret: false }), 'linked');
});

test('a file that no configuration could be is not read', () => {
  const { place, english } = setUp();
  const most = 4 * 1024 * 1024;
  assert.equal(readBytes(write(Buffer.alloc(most)), place, { secret: false })?.length, most);
  const larger = write(Buffer.alloc(most + 1));
  assert.equal(readBytes(larger, place, { secret: false }), undefined);
  assert.deepEqual(english(), [`V: field: ${larger} is larger than 4 MB`]);
});

test('a secret that others may read is warned of, and used', () => {
  for (const [mode, warns] of [
    [0o600, false],
    [0o400, false],
    [0o640, true],
    [0o604, true],
    [0o660, true],
  ] as const) {
    const { findings, place } = setUp();
    const path = write('s3cret\n', mode);
    assert.equal(readSecretLine(path, place), 's3cret');
    assert.equal(findings.warnings.length, warns ? 1 : 0, mode.toString(8));
    readText(path, place, { secret: false });
    assert.equal(findings.warnings.length, warns ? 1 : 0, 'what is no secret may be seen');
    for (const { about, en } of findings.warnings) {
      assert.equal(about, 'secret-files');
      assert.match(en, /chmod 600$/);
    }
  }
});

test('one line end goes from a secret, and nothing else', () => {
  const { place } = setUp();
  for (const [content, secret] of [
    ['a b ', 'a b '],
    ['a\n', 'a'],
    ['a\r\n', 'a'],
    ['a\n\n', 'a\n'],
    ['\uFEFFa', 'a'],
    ['', ''],
  ] as const) {
    assert.equal(readSecretLine(write(content), place), secret);
  }
});

test('what is not UTF-8, or not JSON, is a mistake that quotes nothing', () => {
  const { findings, place, english } = setUp();
  const latin = write(Buffer.from('{"a":"\xfe"}', 'latin1'));
  assert.equal(readText(latin, place, { secret: false }), undefined);
  assert.equal(readJson(latin, place), undefined);
  const broken = write('{\n  "a" "s3cret"\n}');
  assert.equal(readJson(broken, place), undefined);
  assert.equal(english()[2], `V: field: ${broken} is not JSON (line 2 column 7)`);
  // Node quotes the text instead of its place here.
  const quoted = write('{"a": s3cret}');
  assert.equal(readJson(quoted, place), undefined);
  assert.equal(english()[3], `V: field: ${quoted} is not JSON`);
  assert.deepEqual(readJson(write('null'), place), { value: null }, 'null is a value');
  for (const { en, tr } of findings.mistakes) assert.ok(!`${en}${tr}`.includes('s3cret'));
});

test('a folder that may not be looked into is told by its code', () => {
  const { place, english } = setUp();
  const closed = join(folder, 'closed');
  mkdirSync(closed);
  const inside = join(closed, 'file', 'below');
  writeFileSync(join(closed, 'file'), '');
  assert.equal(readBytes(inside, place, { secret: false }), undefined);
  assert.deepEqual(english(), [`V: field: cannot read ${inside} (ENOTDIR)`]);
});
