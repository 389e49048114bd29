/** `npm run trail -- verify` and time stamps: what they prove, and each that does not fit its checkpoint. */
import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { systemClock } from '../../src/lib/clock.ts';
import type { Credentials } from '../../src/lib/credentials.ts';
import { createStatements } from '../../src/mks/index.ts';
import { CHECKPOINT_TYPE } from '../../src/trail/index.ts';
import { temporaryFolder } from '../support/folder.ts';
import { makeIdentity } from '../support/identities.ts';
import { makeAuthority, openssl, startStampServer } from '../support/time-stamp-server.ts';
import { filesOf, linesOf, READ, startTrail, textsOf } from '../trail/support.ts';
import { runCommand } from '../scripts/run.ts';

const identity = await makeIdentity('member.invalid');
const folder = await temporaryFolder();
const DAY_MS = 86_400_000;

const own = { memberCode: 'TIB', userCode: 'TIB991', password: '', referencePrefix: 'GW' };
const credentials: Credentials = {
  members: new Map([['TIB', { ...own, identity }]]),
  trustedCertificates: [],
};
const sign = createStatements(CHECKPOINT_TYPE, () => credentials, systemClock);

const verify = (...args: string[]) =>
  runCommand('trail', ['verify', ...args], { ...process.env, LC_ALL: 'C' });

function rewrite(file: string, change: (lines: string[]) => string[]): void {
  writeFileSync(file, `${change(textsOf(file)).join('\n')}\n`);
}

/** A trail whose two checkpoints have stamps, and one more that has none. */
async function stampedTrail(t: TestContext) {
  const authority = await makeAuthority({ key: 'ec' });
  const server = await startStampServer(t, authority);
  const place = join(mkdtempSync(join(folder, 'stamped-')), 'trail');
  for (const isAway of [false, false, true]) {
    const url = isAway ? 'http://127.0.0.1:9/' : server.url;
    const trail = await startTrail(t, {
      folder: place,
      sign,
      stampSource: { url, trusted: [authority.ca] },
    });
    await trail.record(READ);
    await trail.close(60_000);
  }
  return { place, authority };
}

test('time stamps are proved with their checkpoints, and openssl proves them too', async (t) => {
  const { place, authority } = await stampedTrail(t);
  const { code, output } = verify(place, '--timestamp-ca', authority.caFile);
  assert.equal(code, 0, output);
  assert.match(output, /^Time stamps: 2 of 3 checkpoints have one\.$/m);
  assert.match(output, /^Stamped by O=Test, CN=tsa, SHA-256 [0-9A-F:]{95} \(vouched for/m);
  assert.match(output, /^The longest that a checkpoint waited for its stamp: \d+ s \(.*:6\)\.$/m);
  assert.doesNotMatch(output, /ahead of/);
  // As docs/en/trail.md tells an auditor who trusts nothing of ours.
  const [file = ''] = filesOf(place);
  const lines = linesOf(file);
  const of = (action: string, name: string): string =>
    String(lines.find((line) => line.action === action)?.[name]);
  writeFileSync(join(authority.folder, 'jws'), of('checkpoint', 'jws'));
  writeFileSync(
    join(authority.folder, 'token'),
    Buffer.from(of('checkpoint.stamped', 'token'), 'base64'),
  );
  const { stdout } = await openssl(authority.folder, [
    'ts',
    '-verify',
    '-data',
    'jws',
    '-in',
    'token',
    '-token_in',
    '-CAfile',
    'ca.pem',
  ]);
  assert.match(stdout, /Verification: OK/);
});

test('a stamp that does not fit its checkpoint, or is foreign, is named with its place', async (t) => {
  const { place, authority } = await stampedTrail(t);
  const stranger = await makeAuthority({ key: 'ec' });
  const foreign = verify(place, '--timestamp-ca', stranger.caFile);
  assert.equal(foreign.code, 1, foreign.output);
  assert.match(foreign.output, /:6: this time stamp is foreign/);

  const [one = '', two = ''] = filesOf(place);
  const [kept, other] = [one, two].map((file) => String(linesOf(file)[5]?.['token']));
  const harm = (change: (text: string) => string): string => {
    rewrite(one, (lines) => lines.with(5, change(lines[5] ?? '')));
    const { code, output } = verify(place, '--timestamp-ca', authority.caFile);
    assert.equal(code, 1, output);
    rewrite(one, (lines) =>
      lines.with(5, (lines[5] ?? '').replace(/"token":"[^"]*"/, `"token":"${kept}"`)),
    );
    return output;
  };
  const exchanged = harm((text) => text.replace(String(kept), String(other)));
  assert.match(exchanged, /:6: this time stamp does not fit its checkpoint/);
  const broken = `${String(kept).slice(0, -12)}AAAAAAAAAAA=`;
  assert.match(
    harm((text) => text.replace(String(kept), broken)),
    /:6: this time stamp does not hold/,
  );
  assert.match(
    harm((text) => text.replace(String(kept), 'bm8=')),
    /:6: this time stamp does not hold/,
  );
  assert.equal(verify(place).code, 0, 'as it was');
  const alone = harm((text) => text.replace(/"checkpoint":"\w{8}/, '"checkpoint":"00000000'));
  assert.match(alone, /:6: the checkpoint that this time stamp was made for is missing/);
});

test('a stamp that came long after its checkpoint, or before it, shows what the clock was', async (t) => {
  const authority = await makeAuthority({ key: 'ec' });
  const server = await startStampServer(t, authority);
  const place = join(mkdtempSync(join(folder, 'clock-')), 'trail');
  for (const days of [-30, 3]) {
    const clock = { ...systemClock, now: () => Date.now() + days * DAY_MS };
    const trail = await startTrail(t, {
      folder: place,
      clock,
      sign,
      stampSource: { url: server.url },
    });
    await trail.close(60_000);
  }
  const { code, output } = verify(place);
  assert.equal(code, 0, output);
  assert.match(output, /^The longest that a checkpoint waited for its stamp: 30 days/m);
  assert.match(output, /^The machine's clock was ahead of the authority's by 3 days/m);
  assert.match(output, /^Stamped by .*Compare it, or give --timestamp-ca\.$/m);
});
