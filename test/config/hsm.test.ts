/** Keys in an HSM, as the members file names them: every mistake at its place, in both languages, without the PIN. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { pino } from 'pino';
import { ConfigurationError, openConfiguration } from '../../src/config.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createHsms } from '../../src/mks/index.ts';
import { MODULE, skip, startSoftHsm, type SoftHsm } from '../support/softhsm.ts';
import { makeIdentity } from '../support/identities.ts';
import { createFolder, memberEntry } from './support.ts';

const PIN = 'pin-5561230';
let hsm: SoftHsm;
let certificate: string;
const other = await makeIdentity();
const short = await makeIdentity('test.invalid', 1024);

test.before(async () => {
  if (skip !== false) return;
  hsm = await startSoftHsm();
  await hsm.initToken('mks', PIN);
  certificate = await hsm.makeKey('mks', PIN, 'TIB', 2048);
  await hsm.makeKey('mks', PIN, 'twice', 2048);
  await hsm.makeKey('mks', PIN, 'twice', 2048);
});

type Field = 'module' | 'tokenLabel' | 'keyLabel' | 'pinFile';

const signer = (change: Partial<Record<Field, string>> = {}) => ({
  pkcs11: {
    module: MODULE,
    tokenLabel: 'mks',
    keyLabel: 'TIB',
    pinFile: 'tib.pin',
    ...change,
  },
});

/** The mistakes of a start with this entry, without the place's first words. */
async function mistakesOf(t: TestContext, change: object) {
  const folder = createFolder(t);
  folder.write('tib.pin', `${PIN}\n`);
  folder.write('wrong.pin', 'wrong-pin');
  folder.write('empty.pin', '\n');
  folder.write('hsm.pem', certificate);
  folder.write('other.pem', other.certificatePem);
  folder.write('short.pem', short.certificatePem);
  const entry = memberEntry({
    signingKeyFile: undefined,
    signer: signer(),
    certificateFile: 'hsm.pem',
    ...change,
  });
  // The certificates of this folder's other files count at a time of their own.
  folder.write('mkk.pem', other.certificatePem);
  folder.write('members.json', { members: [entry] });
  const hsms = createHsms(pino({ level: 'silent' }));
  t.after(() => hsms.close());
  try {
    const { credentials } = await openConfiguration(folder.env, systemClock, hsms);
    return { mistakes: [], member: credentials.members.get('TIB') };
  } catch (error) {
    assert.ok(error instanceof ConfigurationError, String(error));
    const texts = error.mistakes.map(({ en, tr }) => {
      assert.ok(!`${en}${tr}`.includes('pin-'), 'no PIN');
      assert.notEqual(en, tr);
      return en.replace('MKS_MEMBERS_FILE: members[0].', '');
    });
    return { mistakes: texts };
  }
}

test('a key in an HSM is a signer, also for a member to come', { skip }, async (t) => {
  const { mistakes, member } = await mistakesOf(t, {});
  assert.deepEqual(mistakes, []);
  assert.equal(member?.identity.signer?.kind, 'hsm');
  const present = { signingKeyFile: 'own.key', certificateFile: 'own.pem', signer: undefined };
  const validFrom = '2035-01-01T00:00:00+03:00';
  const wrong = { signer: signer({ keyLabel: 'nobody' }), certificateFile: 'hsm.pem', validFrom };
  const told = await mistakesOf(t, { ...present, next: wrong });
  assert.ok(
    told.mistakes.some((text) => text.startsWith('next.signer.pkcs11.keyLabel: the token')),
  );
});

const WRONG: [name: string, change: object, ...expected: RegExp[]][] = [
  ['neither', { signer: undefined }, /^signingKeyFile: is required, or `signer` in its place$/],
  ['both', { signingKeyFile: 'tib.key' }, /^signer: stands beside signingKeyFile/],
  [
    'a passphrase',
    { signingKeyPassphraseFile: 'tib.pin' },
    /^signingKeyPassphraseFile: opens a key/,
  ],
  [
    'an unknown field',
    { signer: { ...signer(), other: 1 } },
    /^signer\.other: is not a known field/,
  ],
  [
    'an empty label',
    { signer: signer({ keyLabel: '' }) },
    /^signer\.pkcs11\.keyLabel: must be a label/,
  ],
  ['no module', { signer: signer({ module: 'none.so' }) }, /pkcs11\.module: cannot read .+ENOENT/],
  ['no library', { signer: signer({ module: 'tib.pin' }) }, /pkcs11\.module: cannot be loaded as/],
  [
    'no PIN file',
    { signer: signer({ pinFile: 'no.pin' }) },
    /pkcs11\.pinFile: cannot read .+ENOENT/,
  ],
  ['an empty PIN', { signer: signer({ pinFile: 'empty.pin' }) }, /pkcs11\.pinFile: holds no PIN$/],
  ['a wrong PIN', { signer: signer({ pinFile: 'wrong.pin' }) }, /pkcs11\.pinFile: the HSM refuses/],
  [
    'no token',
    { signer: signer({ tokenLabel: 'x' }) },
    /tokenLabel: no token has this.+found: "mks"/,
  ],
  ['no key', { signer: signer({ keyLabel: 'x' }) }, /keyLabel: the token holds no private key/],
  ['two keys', { signer: signer({ keyLabel: 'twice' }) }, /keyLabel: the token holds several/],
  [
    'another certificate',
    { certificateFile: 'other.pem' },
    /^certificateFile: .+ not belong to the key in/,
  ],
  [
    'a certificate of too short a key',
    { certificateFile: 'short.pem' },
    /^certificateFile: its key .+2048/,
  ],
  [
    'two at once',
    { signer: signer({ pinFile: 'no.pin' }), certificateFile: 'none.pem' },
    /^certificateFile: cannot read/,
    /pinFile: cannot read/,
  ],
];
for (const [name, change, ...expected] of WRONG) {
  test(`told at the start: ${name}`, { skip }, async (t) => {
    const { mistakes } = await mistakesOf(t, change);
    assert.equal(mistakes.length, expected.length, mistakes.join('\n'));
    for (const [index, pattern] of expected.entries()) assert.match(mistakes[index] ?? '', pattern);
  });
}
