/** `npm run trail`: what is proved, each way to tamper and where it is named, and the CSV. */
import assert from 'node:assert/strict';
import { createHash, sign } from 'node:crypto';
import { appendFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test, type TestContext } from 'node:test';
import { parse } from 'csv-parse/sync';
import { systemClock } from '../../src/lib/clock.ts';
import type { Credentials } from '../../src/lib/credentials.ts';
import { createStatements } from '../../src/mks/index.ts';
import { CHECKPOINT_TYPE, openTrail } from '../../src/trail/index.ts';
import { pino } from 'pino';
import { withBrokenKey } from '../support/broken-key.ts';
import { temporaryFolder } from '../support/folder.ts';
import { makeIdentity } from '../support/identities.ts';
import { filesOf, linesOf, READ, textsOf } from '../trail/support.ts';
import { runCommand } from '../scripts/run.ts';

const member = await makeIdentity('member.invalid');
const stranger = await makeIdentity('stranger.invalid');
const folder = await temporaryFolder();
/** Three chains of ten acts each, closed in good order, so each with a checkpoint; a day apart. */
const source = join(folder, 'trail');
const DAY_MS = 86_400_000;

function credentialsOf(): Credentials {
  const own = { memberCode: 'TIB', userCode: 'TIB991', password: '', referencePrefix: 'GW' };
  return { members: new Map([['TIB', { ...own, identity: member }]]), trustedCertificates: [] };
}

before(async () => {
  for (let day = 0; day < 3; day += 1) {
    const clock = { ...systemClock, now: () => Date.UTC(2026, 10, 25 + day, 9) };
    const trail = await openTrail({
      folder: source,
      replica: 'here',
      retentionDays: 0,
      sign: createStatements(CHECKPOINT_TYPE, credentialsOf, systemClock),
      clock,
      log: pino({ level: 'silent' }),
    });
    for (let rows = 0; rows < 10; rows += 1) await trail.record({ ...READ, rows });
    await trail.close(5_000);
  }
  writeFileSync(join(folder, 'member.pem'), member.certificatePem);
  writeFileSync(join(folder, 'stranger.pem'), stranger.certificatePem);
});

/** A copy that may be harmed. */
function copy(): string {
  const place = mkdtempSync(join(folder, 'copy-'));
  cpSync(source, place, { recursive: true });
  return place;
}

const verify = (...args: string[]) =>
  runCommand('trail', ['verify', ...args], { ...process.env, LC_ALL: 'C' });

function rewrite(file: string, change: (lines: string[]) => string[]): void {
  writeFileSync(file, `${change(textsOf(file)).join('\n')}\n`);
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

test('a trail as it was written is proved, and what it cannot show is said', () => {
  const { code, output } = verify(source);
  assert.equal(code, 0, output);
  assert.match(output, /^PROVED: 42 entries, chains: 3, files: 3\./);
  assert.match(
    output,
    /Checkpoints signed by CN=member\.invalid, SHA-256 [0-9A-F:]{95}\. Compare it/,
  );
  // Of the last chain the checkpoint itself is named by nothing; of the others all is.
  const [, , last = ''] = filesOf(source);
  const chain = String(linesOf(last)[0]?.['chain']);
  assert.match(
    output,
    new RegExp(`Chain ${chain}: no checkpoint or later chain tells of line 14–14;`),
  );
  assert.equal(output.match(/would not show/g)?.length, 1);
  const trusting = verify(source, '--certificates', join(folder, 'member.pem'));
  assert.equal(trusting.code, 0, trusting.output);
  assert.match(trusting.output, /\(given by you\)/);
});

test('single files are proved by themselves; what they name elsewhere is said', () => {
  const [one = '', two = ''] = filesOf(source);
  const { code, output } = verify(two);
  assert.equal(code, 0, output);
  assert.match(output, /^PROVED: 14 entries, chains: 1, files: 1/);
  assert.match(output, new RegExp(`not among the files: ${String(linesOf(one)[0]?.['chain'])}`));
});

/** How a trail is harmed, and what has to be said: `%` stands for the file. */
const TAMPERED: Record<string, [harm: (files: string[], place: string) => void, told: RegExp]> = {
  'a changed line': [
    ([, file = '']) =>
      rewrite(file, (lines) => lines.with(4, (lines[4] ?? '').replace('"rows":2', '"rows":7'))),
    /%:5: line 5 was changed/,
  ],
  'a line that is in no canonical form': [
    ([, file = '']) => rewrite(file, (lines) => lines.with(4, (lines[4] ?? '').replace('{', '{ '))),
    /%:5: line 5 is not in the form/,
  ],
  'a line that was changed with all behind it, digests and all': [
    ([, file = '']) =>
      rewrite(file, (lines) => {
        const changed = lines.with(4, (lines[4] ?? '').replace('"rows":2', '"rows":7'));
        for (let at = 5; at < changed.length; at += 1) {
          const digest = sha256(changed[at - 1] ?? '');
          changed[at] = (changed[at] ?? '').replace(/"before":"\w+"/, `"before":"${digest}"`);
        }
        return changed;
      }),
    /%:13: line 13 is not the one that a checkpoint or a later chain has seen/,
  ],
  'a removed line': [
    ([, file = '']) => rewrite(file, (lines) => lines.toSpliced(4, 1)),
    /%:5: line 5 was removed/,
  ],
  'several removed lines': [
    ([, file = '']) => rewrite(file, (lines) => lines.toSpliced(4, 3)),
    /%:5: line 5–7 was removed/,
  ],
  'two exchanged lines': [
    ([, file = '']) =>
      rewrite(file, (lines) => lines.with(4, lines[5] ?? '').with(5, lines[4] ?? '')),
    /%:6: line 5 is not in its place/,
  ],
  'a line twice': [
    ([, file = '']) => rewrite(file, (lines) => lines.toSpliced(4, 0, lines[4] ?? '')),
    /%:6: line 5 is not in its place/,
  ],
  'a cut end that a later chain has seen': [
    ([, file = '']) => rewrite(file, (lines) => lines.slice(0, 8)),
    /%:8: the end was cut: line 9–14 is missing/,
  ],
  'the first lines removed': [
    ([, file = '']) => rewrite(file, (lines) => lines.slice(2)),
    /%:1: line 1–2 was removed/,
  ],
  'a chain removed as a whole': [
    ([, file = '']) => rmSync(file),
    /-000001\.ndjson:1: this line names the chain \S+, which is missing as a whole/,
  ],
  'a line of another chain in its place': [
    ([one = '', file = '']) => rewrite(file, (lines) => lines.with(4, textsOf(one)[4] ?? '')),
    /%:5: line 5 was changed/,
  ],
  'a checkpoint with another signature': [
    ([, file = '']) =>
      rewrite(file, (lines) => {
        const line = JSON.parse(lines[13] ?? '') as { jws: string };
        const jws = `${line.jws.slice(0, -12)}AAAAAAAAAAAA`;
        return lines.with(13, (lines[13] ?? '').replace(line.jws, jws));
      }),
    /%:14: the signature of this checkpoint does not hold/,
  ],
  'a certificate whose key cannot be read': [
    ([, file = '']) => {
      const { certificate } = member;
      const [good = '', broken = ''] = [certificate, withBrokenKey(certificate)].map(({ raw }) =>
        raw.toString('base64'),
      );
      rewrite(file, (lines) => lines.map((line) => line.replace(good, broken)));
    },
    /%:14: the signature of this checkpoint does not hold/,
  ],
  'a checkpoint of another chain': [
    ([one = '', file = '']) =>
      rewrite(file, (lines) => {
        const [own, other] = [lines[13] ?? '', textsOf(one)[13] ?? ''].map(
          (text) => (JSON.parse(text) as { jws: string }).jws,
        );
        return lines.with(13, (lines[13] ?? '').replace(own ?? '', other ?? ''));
      }),
    /%:14: this checkpoint is foreign: it was made for the chain \S+/,
  ],
  'a file that is none of the trail': [
    (_files, place) => writeFileSync(join(place, 'other.ndjson'), '{"a":1}\n'),
    /other\.ndjson:1: this is not a file of the trail/,
  ],
};
for (const [name, [harm, told]] of Object.entries(TAMPERED)) {
  test(`${name} is named with its place`, () => {
    const place = copy();
    const [, file = ''] = filesOf(place);
    harm(filesOf(place), place);
    const { code, output } = verify(place);
    assert.equal(code, 1, output);
    assert.match(output, /^NOT PROVED:/);
    assert.match(output, new RegExp(told.source.replace('%', file.replaceAll(/[.\\]/g, '\\$&'))));
  });
}

test('the last chain cut at its end shows with a checkpoint that was kept elsewhere, and else does not', () => {
  const place = copy();
  const [, , last = ''] = filesOf(place);
  const { jws } = linesOf(last)[13] as unknown as { jws: string };
  rewrite(last, (lines) => lines.slice(0, 8));
  const alone = verify(place);
  assert.equal(alone.code, 0, alone.output);
  assert.match(
    alone.output,
    /tells of line 1–8; had its end been cut there, or after 8, it would not show/,
  );
  const kept = join(place, 'kept.txt');
  writeFileSync(kept, `${jws}\n`);
  const { code, output } = verify(
    place,
    '--checkpoints',
    kept,
    '--certificates',
    join(folder, 'member.pem'),
  );
  assert.equal(code, 1);
  assert.match(output, /:8: the end was cut: line 9–13 is missing/);
});

test('who writes another chain with another key is seen by whoever knows the certificate', () => {
  const place = copy();
  const [, file = ''] = filesOf(place);
  rewrite(file, (lines) => {
    const line = JSON.parse(lines[13] ?? '') as { jws: string; certificate: string };
    const [header = '', payload = ''] = line.jws.split('.');
    const bytes = Buffer.from(`${header}.${payload}`);
    const signature = sign('sha256', bytes, stranger.privateKey).toString('base64url');
    const text = (lines[13] ?? '')
      .replace(line.jws, `${header}.${payload}.${signature}`)
      .replace(line.certificate, stranger.certificate.raw.toString('base64'));
    return lines.with(13, text);
  });
  const { code, output } = verify(place, '--certificates', join(folder, 'member.pem'));
  assert.equal(code, 1, output);
  assert.match(
    output,
    /:14: this checkpoint is foreign: signed with none of the given certificates/,
  );
});

test('a torn end is no fault while nothing later tells of it, and must stay as it was seen', async (t) => {
  const place = copy();
  const [, , last = ''] = filesOf(place);
  appendFileSync(last, '{"action":"ro\u20ac'.slice(0, 14));
  appendFileSync(last, Buffer.from([0xe2, 0x82]));
  const open = verify(place);
  assert.equal(open.code, 0, open.output);
  assert.match(open.output, /ends in a torn line/);
  await writeOn(t, place);
  assert.equal(verify(place).code, 0);
  const [, , torn = ''] = filesOf(place);
  appendFileSync(torn, 'ws');
  const { code, output } = verify(place);
  assert.equal(code, 1);
  assert.match(output, /the torn end is not as the next chain has seen it/);
});

async function writeOn(t: TestContext, place: string): Promise<void> {
  const clock = { ...systemClock, now: () => Date.UTC(2026, 10, 28, 9) };
  const trail = await openTrail({
    folder: place,
    replica: 'here',
    retentionDays: 0,
    clock,
    log: pino({ level: 'silent' }),
  });
  t.after(() => trail.close(1_000));
  await trail.close(1_000);
}

test('no file, no folder, no command: said, with its own exit code', () => {
  assert.equal(verify().code, 2);
  assert.equal(verify(join(folder, 'nowhere')).code, 1);
  assert.equal(verify(mkdtempSync(join(folder, 'empty-'))).code, 1);
  assert.equal(runCommand('trail', ['prove']).code, 2);
  assert.equal(runCommand('trail', ['export', source, '--from', 'yesterday']).code, 2);
  const turkish = runCommand('trail', ['verify', source], {
    ...process.env,
    LC_ALL: 'tr_TR.UTF-8',
  });
  assert.match(turkish.output, /^KANITLANDI: 42 kayıt/);
});

test('the export is CSV in the order of time, and nothing of it is a formula', async (t) => {
  const place = copy();
  const clock = { ...systemClock, now: () => Date.UTC(2026, 10, 25, 9) + DAY_MS / 1000 };
  const trail = await openTrail({
    folder: place,
    replica: 'there',
    retentionDays: 0,
    clock,
    log: pino({ level: 'silent' }),
  });
  t.after(() => trail.close(1_000));
  await trail.record({ ...READ, requestId: '=1+1', file: 'a,"b"\nc', filters: { isin: 'X' } });
  await trail.close(1_000);
  const { code, output } = runCommand('trail', [
    'export',
    place,
    '--from',
    '20261125',
    '--to',
    '20261126',
  ]);
  assert.equal(code, 0);
  const rows = parse(output, { columns: true }) as Record<string, string>[];
  assert.equal(rows.length, 14 * 2 + 4);
  const times = rows.map(({ time = '' }) => time);
  assert.deepEqual(times, times.toSorted());
  const found = rows.find(({ file }) => file === 'a,"b"\nc');
  assert.equal(found?.['requestId'], "'=1+1");
  assert.equal(found?.['filters'], '{"isin":"X"}');
  assert.equal(found?.['client'], 'desk');
  const none = runCommand('trail', ['export', place, '--from', '2026-11-28T00:00:00+03:00']);
  assert.equal(none.output.trim().split('\n').length, 1);
});
