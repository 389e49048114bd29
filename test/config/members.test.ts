import assert from 'node:assert/strict';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { chmodSync, rmSync } from 'node:fs';
import { test } from 'node:test';
import { withBrokenKey } from '../support/broken-key.ts';
import { loadConfiguration, loadCredentials } from '../../src/config.ts';
import {
  clock,
  createFolder,
  identity,
  makeIdentity,
  memberEntry,
  mistakesOf,
  NOW,
  otherIdentity,
  PASSWORD,
  publicKeyOf,
  secondEntry,
  type Folder,
} from './support.ts';

const load = ({ path }: Folder) =>
  loadCredentials(
    { membersFile: path('members.json'), trustedCertificatesFile: path('mkk.pem') },
    clock,
  );

test('a member with the least that it needs', (t) => {
  const { credentials, warnings } = load(createFolder(t));
  const member = credentials.members.get('TIB');
  assert.equal(member?.userCode, 'TIB991');
  assert.equal(member.password, PASSWORD);
  assert.equal(member.referencePrefix, 'GW');
  assert.ok(member.identity.signer?.publicKey.equals(publicKeyOf(identity)));
  assert.ok(member.identity.certificate?.raw.equals(identity.der));
  assert.ok(!('next' in member) && !('passwordChangedOn' in member));
  assert.equal(credentials.trustedCertificates.length, 1);
  assert.deepEqual(warnings, []);
});

test('every optional field, an encrypted key, a DER certificate and the next identity', (t) => {
  const folder = createFolder(t);
  const encrypted = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'öp en' };
  folder.write('tib.key', identity.key.export(encrypted as never));
  folder.write('tib.pass', 'öp en\r\n');
  folder.write('tib.cer', identity.der);
  folder.write('next.key', otherIdentity.key.export({ type: 'pkcs1', format: 'pem' }));
  folder.write('next.pem', otherIdentity.pem);
  folder.write('members.json', {
    members: [
      memberEntry({
        signingKeyPassphraseFile: 'tib.pass',
        certificateFile: folder.path('tib.cer'),
        passwordChangedOn: '2026-11-02',
        referencePrefix: 'GW-2',
        next: {
          signingKeyFile: 'next.key',
          certificateFile: 'next.pem',
          validFrom: '2026-12-01T00:00:00+03:00',
        },
      }),
    ],
  });
  const member = load(folder).credentials.members.get('TIB');
  assert.equal(member?.referencePrefix, 'GW-2');
  assert.equal(member.passwordChangedOn, '2026-11-02');
  assert.ok(member.identity.signer?.publicKey.equals(publicKeyOf(identity)));
  assert.equal(member.next?.validFrom, Date.UTC(2026, 10, 30, 21));
  assert.ok(member.next.signer?.publicKey.equals(publicKeyOf(otherIdentity)));
});

const badFields: [field: string, changes: Record<string, unknown>, mistake: RegExp][] = [
  ['memberCode', { memberCode: 'ti' }, /3 to 8 capital letters/],
  ['userCode', { userCode: 'TIB99100000' }, /3 to 10 capital letters/],
  ['userCode', { userCode: undefined }, /is required/],
  ['password', { password: 'hush' }, /not a known field/],
  ['passwordFile', { passwordFile: 'nowhere' }, /nowhere \(ENOENT\)/],
  ['passwordFile', { passwordFile: 12 }, /path of a file/],
  ['passwordChangedOn', { passwordChangedOn: '2026-02-30' }, /date that exists/],
  ['passwordChangedOn', { passwordChangedOn: '2026-11-03' }, /not in future/],
  ['referencePrefix', { referencePrefix: 'G W' }, /1 to 32 letters/],
  ['referencePrefix', { referencePrefix: '' }, /1 to 32 letters/],
  ['signingKeyFile', { signingKeyFile: 'tib.pem' }, /no private key in PEM/],
  ['certificateFile', { certificateFile: 'tib.key' }, /no certificate/],
  ['certificateFile', { certificateFile: 'mkk.pem' }, /does not belong to the key/],
  ['certificateFile', { certificateFile: '.' }, /is not a file/],
  ['next', { next: true }, /an object/],
];

for (const [field, changes, mistake] of badFields) {
  test(`refused: ${JSON.stringify(changes)}`, (t) => {
    const folder = createFolder(t);
    folder.write('members.json', { members: [memberEntry(changes)] });
    const [told = '', ...more] = mistakesOf(() => load(folder));
    assert.deepEqual(more, []);
    assert.ok(told.startsWith(`MKS_MEMBERS_FILE: members[0].${field}: `), told);
    assert.match(told, mistake);
    assert.ok(!told.includes('hush'));
  });
}

for (const password of ['Ab1!x', 'Abcdefg1!xy', 'abcdef1', 'abcdef!', '123456!', 'Ab 1!xy', '']) {
  test(`refused: the password ${JSON.stringify(password)}`, (t) => {
    const folder = createFolder(t);
    folder.write('tib.password', password);
    const [mistake, ...more] = mistakesOf(() => load(folder));
    assert.match(mistake ?? '', /members\[0\].passwordFile: the password/);
    assert.deepEqual(more, []);
  });
}

test('only the last line end is no part of the password', (t) => {
  const folder = createFolder(t);
  folder.write('tib.password', 'Ab1!xyz\n\n');
  assert.match(mistakesOf(() => load(folder))[0] ?? '', /white space/);
  folder.write('tib.password', 'şİ1!xy');
  assert.equal(load(folder).credentials.members.get('TIB')?.password, 'şİ1!xy');
});

test('keys: too weak, not RSA, encrypted without or with the wrong passphrase', async (t) => {
  const folder = createFolder(t);
  const weak = await makeIdentity(1024);
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  folder.write('weak.key', weak.keyPem);
  folder.write('ec.key', privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const encrypted = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'right' };
  folder.write('locked.key', identity.key.export(encrypted as never));
  folder.write('wrong.pass', 'hush');
  folder.write('members.json', {
    members: [
      memberEntry({ signingKeyFile: 'weak.key' }),
      memberEntry({ memberCode: 'AAA', signingKeyFile: 'ec.key' }),
      memberEntry({ memberCode: 'BBB', signingKeyFile: 'locked.key' }),
      memberEntry({
        memberCode: 'CCC',
        signingKeyFile: 'locked.key',
        signingKeyPassphraseFile: 'wrong.pass',
      }),
      memberEntry({ memberCode: 'CCC' }),
    ],
  });
  const told = mistakesOf(() => load(folder)).map((line) => line.replace(/\/\S*\//g, ''));
  assert.deepEqual(told, [
    'MKS_MEMBERS_FILE: members[0].signingKeyFile: weak.key is an RSA key of 1024 bits; at least 2048 are needed',
    'MKS_MEMBERS_FILE: members[1].signingKeyFile: ec.key is not an RSA key',
    'MKS_MEMBERS_FILE: members[2].signingKeyFile: locked.key is encrypted and needs a passphrase',
    'MKS_MEMBERS_FILE: members[3].signingKeyFile: locked.key does not open with the passphrase',
    "MKS_MEMBERS_FILE: members[4].memberCode: is another member's too",
  ]);
});

test('certificates have to be in force when they are to sign', async (t) => {
  const folder = createFolder(t);
  const [expired, early] = [await makeIdentity(2048, -60, -1), await makeIdentity(2048, 5, 60)];
  folder.write('tib.key', expired.keyPem);
  folder.write('tib.pem', expired.pem);
  folder.write('next.key', early.keyPem);
  folder.write('next.pem', early.pem);
  const next = { signingKeyFile: 'next.key', certificateFile: 'next.pem' };
  const mistakesWith = (validFrom: string): readonly string[] => {
    folder.write('members.json', { members: [memberEntry({ next: { ...next, validFrom } })] });
    return mistakesOf(() => load(folder)).map((line) => line.replace(/^.*?: members\[0\]\./, ''));
  };
  assert.deepEqual(mistakesWith('2026-11-08T12:00:00Z'), [
    'certificateFile: the certificate expired at 2026-11-01T12:00:00.000+03:00',
  ]);
  assert.deepEqual(mistakesWith('2026-11-05T12:00:00Z').slice(0, 1), [
    'next.certificateFile: the certificate is not valid before 2026-11-07T12:00:00.000+03:00',
  ]);
  assert.deepEqual(mistakesWith('tomorrow').slice(0, 1), [
    'next.validFrom: must be a time such as 2026-12-01T00:00:00+03:00',
  ]);

  // Once the next identity signs, the present one may have run out.
  folder.write('next.key', identity.keyPem);
  folder.write('next.pem', identity.pem);
  assert.deepEqual(mistakesWith(new Date(NOW).toISOString()), []);
});

test("MKK's certificates: several, some or all expired, weak, none", async (t) => {
  const folder = createFolder(t);
  const expired = await makeIdentity(2048, -60, -1);
  folder.write('mkk.pem', `${expired.pem}\n${otherIdentity.pem}`);
  const { credentials, warnings } = load(folder);
  assert.equal(credentials.trustedCertificates.length, 2);
  assert.match(warnings.map(({ en }) => en).join(), /1 of 2 certificates have expired/);

  folder.write('mkk.pem', expired.pem);
  assert.match(mistakesOf(() => load(folder))[0] ?? '', /every certificate has expired/);
  folder.write('mkk.pem', (await makeIdentity(1024)).pem);
  assert.match(mistakesOf(() => load(folder))[0] ?? '', /certificate 1 is an RSA key of 1024 bits/);
  folder.write('mkk.pem', 'nothing');
  assert.match(mistakesOf(() => load(folder))[0] ?? '', /holds no certificate in PEM/);
  folder.write('mkk.pem', otherIdentity.pem.replaceAll('M', 'A'));
  assert.match(mistakesOf(() => load(folder))[0] ?? '', /certificate 1 cannot be read/);
  folder.write('mkk.pem', withBrokenKey(new X509Certificate(otherIdentity.pem)).toString());
  assert.match(mistakesOf(() => load(folder))[0] ?? '', /certificate 1 cannot be read/);
  rmSync(folder.path('mkk.pem'));
  assert.match(mistakesOf(() => load(folder))[0] ?? '', /^MKS_TRUSTED_CERTIFICATES_FILE: .*ENOENT/);
});

test('a secret file that others can read is a warning', (t) => {
  const folder = createFolder(t);
  chmodSync(folder.path('tib.key'), 0o644);
  const { warnings } = load(folder);
  assert.equal(warnings.length, 1);
  assert.match(warnings[0]?.en ?? '', /members\[0\].signingKeyFile: .*tib.key .*chmod 600/);
});

test('mistakes of shape do not hide those of the files, nor one member another’s', (t) => {
  const folder = createFolder(t);
  const wrong = memberEntry({ memberCode: 'tib', zz: 1, passwordFile: 'nowhere' });
  const other = memberEntry({ memberCode: 'AKY', passwordChangedOn: '2026-02-31' });
  folder.write('members.json', JSON.stringify({ members: [wrong, other] }));
  const mistakes = mistakesOf(() => load(folder)).join('\n');
  for (const field of [
    'members[0].memberCode',
    'members[0].zz',
    'members[0].passwordFile',
    'members[1].passwordChangedOn',
  ]) {
    assert.ok(mistakes.includes(field), `${field} in:\n${mistakes}`);
  }
});

test('what two members share: a certificate, a key', async (t) => {
  const folder = createFolder(t);
  const sameKey = await makeIdentity(2048, -10, 100);
  folder.write('next.key', otherIdentity.keyPem);
  folder.write('next.pem', otherIdentity.pem);
  folder.write('own.key', sameKey.keyPem);
  folder.write('own.pem', sameKey.pem);
  const next = {
    signingKeyFile: 'next.key',
    certificateFile: 'next.pem',
    validFrom: '2026-12-01T00:00:00+03:00',
  };
  const own = { signingKeyFile: 'own.key', certificateFile: 'own.pem' };
  folder.write('members.json', {
    members: [memberEntry({ next }), memberEntry({ memberCode: 'AKY', ...own, next })],
  });
  assert.deepEqual(
    mistakesOf(() => load(folder)),
    [
      "MKS_MEMBERS_FILE: members[1].next.certificateFile: is TIB's certificate too: each member code has its own (MKS 3.1)",
    ],
  );
  folder.write('members.json', { members: [memberEntry(), memberEntry({ memberCode: 'AKY' })] });
  assert.match(mistakesOf(() => load(folder)).join(), /members\[1\]\.certificateFile: is TIB's/);
  folder.write('members.json', {
    members: [memberEntry(), memberEntry({ memberCode: 'AKY', ...own })],
  });
  assert.deepEqual(
    mistakesOf(() => load(folder)),
    [],
  );
});

test('an ended certificate shuts off its member alone, and start goes on', async (t) => {
  const folder = createFolder(t);
  const expired = await makeIdentity(2048, -60, -1);
  folder.write('aky.key', expired.keyPem);
  folder.write('aky.pem', expired.pem);
  folder.write('members.json', { members: [memberEntry(), secondEntry()] });
  const { credentials, warnings } = load(folder);
  assert.deepEqual([...credentials.members.keys()], ['TIB', 'AKY']);
  const [warning, ...more] = warnings;
  assert.deepEqual(more, []);
  assert.equal(warning?.shutsOff, 'AKY');
  assert.match(
    warning.en,
    /members\[1\].certificateFile: the certificate expired at .*; AKY is shut/,
  );
  folder.write('members.json', { members: [secondEntry()] });
  assert.match(mistakesOf(() => load(folder)).join(), /the certificate expired at/);
});

test('a key that cannot be used shuts off its member alone; a mistake of form refuses all', (t) => {
  const folder = createFolder(t);
  folder.write('aky.key', 'no key');
  folder.write('members.json', { members: [memberEntry(), secondEntry()] });
  const { credentials, warnings } = load(folder);
  const member = credentials.members.get('AKY');
  assert.ok(member !== undefined && 'fault' in member.identity);
  assert.equal(member.identity.fault, 'key-unusable');
  assert.deepEqual(
    warnings.map(({ shutsOff }) => shutsOff),
    ['AKY'],
  );
  assert.match(warnings[0]?.en ?? '', /members\[1\]\.signingKeyFile: .*; AKY is shut off until/);
  folder.write('members.json', { members: [memberEntry({ userCode: 'x' }), secondEntry()] });
  const mistakes = mistakesOf(() => load(folder));
  assert.match(mistakes.join('\n'), /members\[0\]\.userCode.*\n.*members\[1\]\.signingKeyFile/s);
});

test('a next identity that cannot be used is told, and shuts off nobody before its time', (t) => {
  const folder = createFolder(t);
  folder.write('aky.key', 'no key');
  const next = { signingKeyFile: 'aky.key', certificateFile: 'aky.pem' };
  const later = { ...next, validFrom: '2026-12-01T00:00:00+03:00' };
  folder.write('members.json', { members: [memberEntry({ next: later })] });
  const { warnings } = load(folder);
  assert.match(warnings[0]?.en ?? '', /next\.signingKeyFile: .*; TIB is shut off from 2026-12-01T/);
  const past = { ...next, validFrom: '2026-11-01T00:00:00+03:00' };
  folder.write('members.json', { members: [memberEntry({ next: past })] });
  assert.match(mistakesOf(() => load(folder)).join(), /next\.signingKeyFile: /);
});

test('a user that is no 99x is a warning', (t) => {
  const folder = createFolder(t);
  folder.write('members.json', { members: [memberEntry({ userCode: 'TIB100' })] });
  const [warning, ...more] = load(folder).warnings;
  assert.deepEqual(more, []);
  assert.equal(warning?.about, 'user-code');
  assert.match(warning.en, /members\[0\]\.userCode: is no 99x user/);
});

test('a members file that is none', (t) => {
  const folder = createFolder(t);
  for (const [content, mistake] of [
    ['{"members":', /is not JSON/],
    ['[]', /must be an object/],
    ['{"members":[]}', /members: must hold at least 1/],
    ['{}', /members: is required/],
    [Buffer.from([0xff, 0xfe]), /is not UTF-8 text/],
  ] as const) {
    folder.write('members.json', content);
    assert.match(mistakesOf(() => load(folder))[0] ?? '', mistake);
  }
});

test('clients: their keys, members and mistakes', (t) => {
  const folder = createFolder(t);
  const [one, two, three] = ['ab', 'CD', 'ef'].map((pair) => pair.repeat(32));
  const loadWith = (clients: unknown) =>
    loadConfiguration(
      { ...folder.env, HOST: '0.0.0.0', API_CLIENTS_FILE: folder.write('c.json', { clients }) },
      clock,
    );
  const { clients, config } = loadWith([
    { name: 'reconciliation', keySha256: one, members: ['TIB'] },
    { name: 'ops', keySha256: [two, three], members: ['TIB'], operator: true },
  ]);
  assert.deepEqual(clients, [
    {
      name: 'reconciliation',
      keyDigests: [Buffer.from('ab'.repeat(32), 'hex')],
      members: ['TIB'],
      operator: false,
      auditor: false,
      queueLimit: 1_000,
      notices: {},
    },
    {
      name: 'ops',
      keyDigests: ['cd', 'ef'].map((pair) => Buffer.from(pair.repeat(32), 'hex')),
      members: ['TIB'],
      operator: true,
      auditor: false,
      queueLimit: 1_000,
      notices: {},
    },
  ]);
  assert.equal(config.rateLimitPerMinute, 600, 'where there are clients they have a limit');
  const mistakes = mistakesOf(() =>
    loadWith([
      { name: 'a', keySha256: one, members: ['TIB', 'NIL'] },
      { name: 'a', keySha256: [two, one], members: ['TIB'] },
    ]),
  );
  assert.deepEqual(mistakes, [
    'API_CLIENTS_FILE: clients[0].members[1]: is not in the members file',
    "API_CLIENTS_FILE: clients[1].name: is another client's too",
    'API_CLIENTS_FILE: clients[1].keySha256: holds a key that is listed before',
  ]);
  const shape = mistakesOf(() =>
    loadWith([{ name: 'a b', keySha256: [one, two, three], members: [], key: 'hush' }]),
  );
  assert.deepEqual(shape, [
    'API_CLIENTS_FILE: clients[0].key: is not a known field',
    'API_CLIENTS_FILE: clients[0].name: must be 1 to 64 letters, digits, dots, dashes and underscores',
    'API_CLIENTS_FILE: clients[0].keySha256: must be the SHA-256 of a key, 64 hexadecimal digits, or a list of one or two',
    'API_CLIENTS_FILE: clients[0].members: must hold at least 1',
  ]);
  const both = mistakesOf(() =>
    loadWith([
      { name: 'a', keySha256: one, members: ['NIL'], key: 'hush' },
      { name: 'a', keySha256: two, members: ['TIB'] },
    ]),
  );
  assert.deepEqual(both, [
    'API_CLIENTS_FILE: clients[0].key: is not a known field',
    'API_CLIENTS_FILE: clients[0].members[0]: is not in the members file',
    "API_CLIENTS_FILE: clients[1].name: is another client's too",
  ]);
});
