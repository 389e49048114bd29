/** The API clients file: what is taken, and every mistake of it at once, each at its place. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { readClients } from '../../src/config/clients.ts';
import { createFindings } from '../../src/config/findings.ts';
import { createFolder } from './support.ts';

const KEY = 'a'.repeat(64);
const OTHER = 'B'.repeat(64);
const entry = (change: object = {}) => ({
  name: 'desk',
  keySha256: KEY,
  members: ['TIB'],
  ...change,
});

function read(t: TestContext, content: unknown, codes?: string[]) {
  const findings = createFindings();
  const file = createFolder(t).write('clients.json', JSON.stringify(content));
  const place = findings.variable('API_CLIENTS_FILE');
  const clients = readClients(file, place, codes && new Set(codes));
  return {
    clients,
    mistakes: findings.mistakes.map(({ en }) => en.replace('API_CLIENTS_FILE: ', '')),
  };
}

test('a client has one or two keys, its members once, and no rights that it is not given', (t) => {
  const { clients, mistakes } = read(t, {
    clients: [
      entry({ members: ['TIB', 'TIB'] }),
      entry({ name: 'chief', keySha256: [OTHER, 'c'.repeat(64)], operator: true, queueLimit: 50 }),
    ],
  });
  assert.deepEqual(mistakes, []);
  const [desk, chief] = clients;
  assert.deepEqual([desk?.name, desk?.members, desk?.operator], ['desk', ['TIB'], false]);
  assert.deepEqual(desk?.keyDigests, [Buffer.from(KEY, 'hex')]);
  assert.deepEqual([chief?.operator, chief?.keyDigests.length], [true, 2]);
  assert.deepEqual([desk?.queueLimit, chief?.queueLimit], [1_000, 50]);
  assert.deepEqual(chief?.keyDigests[0], Buffer.from(OTHER, 'hex'), 'in capitals too');
});

test('every mistake is told at once, where it stands', (t) => {
  const { mistakes } = read(
    t,
    {
      clients: [
        entry(),
        entry({ members: ['TIB', 'XXX'] }),
        entry({ name: 'a b', keySha256: 'short', members: [] }),
        entry({ name: 'more', keySha256: [OTHER, OTHER, OTHER], role: 'king', queueLimit: 0 }),
      ],
    },
    ['TIB', 'AKY'],
  );
  const all = mistakes.join('\n');
  for (const expected of [
    /^clients\[3\]\.queueLimit: must be a whole number from 1 to 1000000/m,
    /^clients\[1\]\.name: is another client's too/m,
    /^clients\[1\]\.keySha256: holds a key that is listed before/m,
    /^clients\[1\]\.members\[1\]: is not in the members file/m,
    /^clients\[2\]\.name: must be 1 to 64 letters/m,
    /^clients\[2\]\.keySha256: must be the SHA-256/m,
    /^clients\[2\]\.members/m,
    /^clients\[3\]\.keySha256/m,
    /^clients\[3\].*role/m,
  ]) {
    assert.match(all, expected);
  }
  assert.ok(!all.includes(KEY), 'no digest is told');
});

test('members are not missed where their own file could not be read', (t) => {
  const { mistakes } = read(t, { clients: [entry({ members: ['ANY'] })] });
  assert.deepEqual(mistakes, []);
});

test('no list, or an empty one, is a mistake', (t) => {
  for (const content of [{}, { clients: [] }, [], 'text', null]) {
    assert.ok(read(t, content).mistakes.length > 0, JSON.stringify(content));
  }
});

test('whom a client may have told: each by a name of its own, with a secret that is never told', (t) => {
  const folder = createFolder(t);
  folder.write('hook.secret', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
  folder.write('short.secret', 'geheim');
  const erp = { name: 'erp', url: 'https://erp.example/hook', secretFile: 'hook.secret' };
  folder.write('no.secret', '\n');
  folder.write('three.secret', 'geheim-geheim-geheim\n'.repeat(3));
  const notices = [
    erp,
    { ...erp, url: 'file:///etc', secretFile: 'short.secret' },
    { ...erp, name: 'none', secretFile: 'no.secret' },
    { ...erp, name: 'three', secretFile: 'three.secret' },
  ];
  const content = {
    clients: [entry({ notices: [erp] }), entry({ name: 'b', keySha256: OTHER, notices })],
  };
  const file = folder.write('clients.json', JSON.stringify(content));
  const findings = createFindings();
  const [desk] = readClients(file, findings.variable('API_CLIENTS_FILE'), new Set(['TIB']));
  const secrets = [Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64')];
  assert.deepEqual(desk?.notices, { erp: { url: erp.url, secrets } });
  const told = findings.mistakes.map(({ en }) => en).join('\n');
  assert.match(told, /clients\[1\]\.notices\[1\]\.name: is another target's too/);
  assert.match(told, /clients\[1\]\.notices\[1\]\.url: must be an http or https address/);
  assert.match(told, /clients\[1\]\.notices\[1\]\.secretFile: must hold whsec_/);
  assert.match(told, /clients\[1\]\.notices\[2\]\.secretFile: must hold a secret, or two/);
  assert.match(told, /clients\[1\]\.notices\[3\]\.secretFile: must hold a secret, or two/);
  assert.doesNotMatch(told, /geheim/);
});
