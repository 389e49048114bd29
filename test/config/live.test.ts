/** Files that change while they are followed: taken as a whole or refused as a whole. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { loadConfiguration } from '../../src/config.ts';
import { followFiles, type LivePart } from '../../src/config/live.ts';
import { until } from '../support/until.ts';
import {
  clock,
  createFolder,
  identity,
  makeIdentity,
  memberEntry,
  otherIdentity,
  PASSWORD,
  publicKeyOf,
  secondEntry,
} from './support.ts';

interface Line {
  level: number;
  msg: string;
  mistakes?: string[];
}

/** Follows the folder's files; all that is logged is looked through for secrets. */
function follow(t: TestContext, env: NodeJS.ProcessEnv) {
  const lines: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
  const files = followFiles(loadConfiguration(env, clock), clock, log);
  const changes: LivePart[] = [];
  files.onChange((part) => changes.push(part));
  t.after(() => {
    files.close();
    assert.ok(!lines.join('').includes(PASSWORD), 'a password in the log');
    assert.ok(!lines.join('').includes('PRIVATE KEY'), 'a key in the log');
  });
  return {
    files,
    changes,
    member: (code = 'TIB') => files.credentials().members.get(code),
    refusals: () =>
      lines.map((line) => JSON.parse(line) as Line).filter(({ level }) => level === 50),
  };
}

const digest = (key: string): string => createHash('sha256').update(key).digest('hex');
const client = (name: string, members: string[], key = name) => ({
  name,
  keySha256: digest(key),
  members,
});

void suite('files that change', { concurrency: true }, () => {
  test('a password that changes is in force soon', async (t) => {
    const { env, write } = createFolder(t);
    const { member, changes } = follow(t, env);
    const began = performance.now();
    write('tib.password', 'Other-1!\n');
    await until(() => member()?.password === 'Other-1!');
    assert.ok(performance.now() - began < 1_500, 'an event tells of it');
    assert.deepEqual(changes, ['credentials']);
  });

  test('a key and, a moment later, its certificate: never half, never told as a mistake', async (t) => {
    const { env, write } = createFolder(t);
    const { files, member, refusals } = follow(t, env);
    const before = member();
    write('tib.key', otherIdentity.keyPem);
    for (let round = 0; round < 10; round += 1) {
      await sleep(100);
      assert.equal(member(), before);
    }
    write('tib.pem', otherIdentity.pem);
    await until(() => member() !== before);
    assert.ok(member()?.identity.certificate?.checkPrivateKey(otherIdentity.key));
    assert.ok(member()?.identity.signer?.publicKey.equals(publicKeyOf(otherIdentity)));
    await sleep(2_000);
    assert.deepEqual(refusals(), []);
    assert.deepEqual(files.refused(), []);
  });

  test('a mistake is told by its field, what was in force stays, and mending it is enough', async (t) => {
    const { env, write } = createFolder(t);
    const { files, member, refusals, changes } = follow(t, env);
    const before = files.credentials();
    write('tib.pem', otherIdentity.pem);
    write('mkk.pem', 'nothing of the kind');
    await until(() => refusals().length > 0);
    assert.equal(files.credentials(), before);
    const mistakes = refusals()[0]?.mistakes ?? [];
    assert.equal(mistakes.length, 2, mistakes.join('\n'));
    assert.match(
      mistakes[0] ?? '',
      /^MKS_MEMBERS_FILE: members\[0\]\.certificateFile: .*does not belong/,
    );
    assert.match(mistakes[1] ?? '', /^MKS_TRUSTED_CERTIFICATES_FILE: .*holds no certificate/);
    assert.deepEqual(files.refused(), mistakes);
    write('tib.pem', identity.pem);
    write('mkk.pem', `${otherIdentity.pem}\n${identity.pem}`);
    await until(() => files.refused().length === 0);
    assert.equal(files.credentials().trustedCertificates.length, 2);
    assert.ok(member()?.identity.signer?.publicKey.equals(publicKeyOf(identity)));
    assert.deepEqual(changes, ['credentials']);
    assert.equal(refusals().length, 1, 'a mistake that lasts is told once');
  });
});

void suite('files that are exchanged, and come and go', { concurrency: true }, () => {
  test('files are exchanged by rename, as editors do', async (t) => {
    const { env, write, path } = createFolder(t);
    const { member } = follow(t, env);
    renameSync(write('password.new', 'Other-1!'), path('tib.password'));
    await until(() => member()?.password === 'Other-1!');
  });

  test('files are exchanged behind a symbolic link, as Kubernetes does', async (t) => {
    const { env, write, path } = createFolder(t);
    const version = (name: string, key: string, certificate: string): void => {
      mkdirSync(path(name), { mode: 0o700 });
      writeFileSync(join(path(name), 'tib.key'), key, { mode: 0o600 });
      writeFileSync(join(path(name), 'tib.pem'), certificate, { mode: 0o600 });
    };
    version('..1', identity.keyPem, identity.pem);
    symlinkSync('..1', path('..data'));
    for (const name of ['tib.key', 'tib.pem']) {
      rmSync(path(name));
      symlinkSync(join('..data', name), path(name));
    }
    const { member, refusals } = follow(t, env);
    version('..2', otherIdentity.keyPem, otherIdentity.pem);
    symlinkSync('..2', path('..data_tmp'));
    renameSync(path('..data_tmp'), path('..data'));
    rmSync(path('..1'), { recursive: true });
    await until(
      () => member()?.identity.signer?.publicKey.equals(publicKeyOf(otherIdentity)) === true,
    );
    assert.deepEqual(refusals(), []);

    // A link out of the watched folder: no event comes, the look at the files finds it.
    write('elsewhere-1', 'Other-1!');
    mkdirSync(path('far'));
    writeFileSync(path('far/password'), 'Other-2!', { mode: 0o600 });
    rmSync(path('tib.password'));
    symlinkSync('far/password', path('tib.password'));
    await until(() => member()?.password === 'Other-2!');
    writeFileSync(path('far/password'), 'Other-3!', { mode: 0o600 });
    await until(() => member()?.password === 'Other-3!');
  });

  test('a member comes with files that are still missing, and another one goes', async (t) => {
    const { env, write } = createFolder(t);
    const { files, member, refusals } = follow(t, env);
    const entry = secondEntry({ passwordFile: 'new/word' });
    write('members.json', { members: [memberEntry(), entry] });
    await until(() => refusals().length > 0);
    assert.match(refusals()[0]?.mistakes?.[0] ?? '', /members\[1\]\.passwordFile: cannot read/);
    mkdirSync(join(env['MKS_MEMBERS_FILE'] ?? '', '../new'));
    write('new/word', 'Other-1!');
    await until(() => member('AKY') !== undefined);
    write('members.json', { members: [entry] });
    await until(() => member('TIB') === undefined);
    assert.equal(files.credentials().members.size, 1);
  });

  test('an ended certificate does not take the place of one in force', async (t) => {
    const { env, write } = createFolder(t);
    write('members.json', { members: [memberEntry(), secondEntry()] });
    const { files, member } = follow(t, env);
    const expired = await makeIdentity(2048, -60, -1);
    write('aky.key', expired.keyPem);
    write('aky.pem', expired.pem);
    await until(() => files.refused().some((text) => text.includes('the certificate expired')));
    assert.ok(member('AKY')?.identity.signer?.publicKey.equals(publicKeyOf(otherIdentity)));
  });
});

void suite('one member’s own files are spoilt', { concurrency: true }, () => {
  /** TIB and AKY, followed. */
  function followBoth(t: TestContext) {
    const { env, write, path } = createFolder(t);
    const apart = secondEntry({ passwordFile: 'aky.password' });
    write('aky.password', PASSWORD);
    write('members.json', { members: [memberEntry(), apart] });
    return { write, path, apart, ...follow(t, env) };
  }
  for (const [name, file, content, mistake] of [
    [
      'key',
      'tib.key',
      'spoilt',
      /^MKS_MEMBERS_FILE: members\[0\]\.signingKeyFile: .*no private key/,
    ],
    ['certificate', 'tib.pem', 'spoilt', /^MKS_MEMBERS_FILE: members\[0\]\.certificateFile: /],
    ['password', 'tib.password', 'short', /^MKS_MEMBERS_FILE: members\[0\]\.passwordFile: /],
  ] as const) {
    test(`the ${name}: it stays as it is in force, aloud, and others change`, async (t) => {
      const { write, files, member, refusals, changes } = followBoth(t);
      const before = member();
      write(file, content);
      write('aky.password', 'Other-1!');
      await until(() => member('AKY')?.password === 'Other-1!');
      assert.equal(member(), before);
      await until(() => refusals().length > 0);
      assert.equal(files.refused().length, 1);
      assert.match(files.refused()[0] ?? '', mistake);
      assert.deepEqual(refusals()[0]?.mistakes, files.refused());
      assert.deepEqual(changes, ['credentials'], 'what stays is no change');

      write('aky.password', 'Other-2!');
      await until(() => member('AKY')?.password === 'Other-2!');
      assert.equal(member(), before);
      assert.equal(files.refused().length, 1);
      write('tib.key', identity.keyPem);
      write('tib.pem', identity.pem);
      write('tib.password', 'Other-3!');
      await until(() => member()?.password === 'Other-3!');
      assert.deepEqual(files.refused(), []);
    });
  }

  test('a new member whose password cannot be read does not come, and others change', async (t) => {
    const { write, apart, files, member } = followBoth(t);
    const third = { ...apart, memberCode: 'BIR', userCode: 'BIR991', passwordFile: 'bir.password' };
    write('members.json', { members: [memberEntry({ referencePrefix: 'NEW' }), apart, third] });
    await until(() => member()?.referencePrefix === 'NEW');
    await until(() => files.refused().length > 0);
    assert.match(files.refused().join('\n'), /members\[2\]\.passwordFile: cannot read/);
    assert.deepEqual([...files.credentials().members.keys()], ['TIB', 'AKY']);
  });

  test('what it keeps is given to nobody else', async (t) => {
    const { write, files, member } = followBoth(t);
    const before = files.credentials();
    write('aky.key', 'spoilt');
    write('tib.key', otherIdentity.keyPem);
    write('tib.pem', otherIdentity.pem);
    await until(() => files.refused().some((text) => text.includes("is TIB's certificate too")));
    assert.equal(files.credentials(), before);
    assert.ok(member()?.identity.signer?.publicKey.equals(publicKeyOf(identity)));
  });

  test('nothing takes effect after which nobody could sign', async (t) => {
    const { write, files } = followBoth(t);
    const before = files.credentials();
    const entry = memberEntry({ memberCode: 'BIR', userCode: 'BIR991', passwordFile: 'none' });
    write('members.json', { members: [entry] });
    await until(() => files.refused().length > 0);
    assert.equal(files.credentials(), before);
  });
});

void suite('clients, TLS and what stays', { concurrency: true }, () => {
  test('clients change, also while the credentials have a mistake', async (t) => {
    const { env, write, path } = createFolder(t);
    write('clients.json', { clients: [client('one', ['TIB']), client('two', ['TIB'])] });
    const { files, changes } = follow(t, { ...env, API_CLIENTS_FILE: path('clients.json') });
    const names = () => files.clients()?.map(({ name }) => name);
    assert.deepEqual(names(), ['one', 'two']);
    write('tib.key', 'spoilt');
    write('clients.json', { clients: [client('one', ['TIB'])] });
    await until(() => names()?.length === 1);
    await until(() => files.refused().length === 1);
    assert.deepEqual(changes, ['clients']);
    write('clients.json', '{"clients": [');
    await until(() => files.refused().length === 2);
    assert.deepEqual(names(), ['one'], 'without clients everybody would come in');
    rmSync(path('clients.json'));
    await until(() => files.refused().some((mistake) => mistake.includes('ENOENT')));
    assert.deepEqual(names(), ['one']);
  });

  test('a member does not go while a client in force names it', async (t) => {
    const { env, write, path } = createFolder(t);
    const entry = secondEntry();
    write('members.json', { members: [memberEntry(), entry] });
    write('clients.json', { clients: [client('one', ['TIB', 'AKY'])] });
    const { files, member } = follow(t, { ...env, API_CLIENTS_FILE: path('clients.json') });
    write('members.json', { members: [memberEntry()] });
    await until(() => files.refused().length > 0);
    assert.deepEqual(files.refused(), [
      'API_CLIENTS_FILE: clients[0].members[1]: is not in the members file',
    ]);
    assert.ok(member('AKY'));
    write('clients.json', { clients: [client('one', ['TIB'])] });
    await until(() => member('AKY') === undefined);
    assert.deepEqual(files.clients()?.[0]?.members, ['TIB']);
    assert.deepEqual(files.refused(), []);
  });

  test('the TLS identity is exchanged as a pair', async (t) => {
    const { env, write, path } = createFolder(t);
    write('tls.pem', identity.pem);
    write('tls.key', identity.keyPem);
    const { files, changes } = follow(t, {
      ...env,
      TLS_CERTIFICATE_FILE: path('tls.pem'),
      TLS_KEY_FILE: path('tls.key'),
    });
    const expired = await makeIdentity(2048, -30, -1);
    write('tls.pem', expired.pem);
    write('tls.key', expired.keyPem);
    await until(() => files.refused().length > 0);
    assert.equal(files.tls()?.key, identity.keyPem);
    write('tls.pem', otherIdentity.pem);
    await sleep(200);
    write('tls.key', otherIdentity.keyPem);
    await until(() => files.tls()?.key === otherIdentity.keyPem);
    assert.equal(files.tls()?.certificate, otherIdentity.pem);
    assert.deepEqual(changes, ['tls']);
  });

  test('what changed between the first reading and the following counts', async (t) => {
    const { env, write } = createFolder(t);
    const configuration = loadConfiguration(env, clock);
    write('tib.password', 'Other-1!');
    const files = followFiles(configuration, clock, pino({ level: 'silent' }));
    t.after(() => files.close());
    assert.equal(files.credentials().members.get('TIB')?.password, 'Other-1!');
  });

  test('touched, but the same: nothing changes', async (t) => {
    const { env, write } = createFolder(t);
    const { files, changes } = follow(t, env);
    const before = files.credentials();
    write('tib.key', identity.keyPem);
    await sleep(1_000);
    assert.equal(files.credentials(), before);
    assert.deepEqual(changes, []);
  });
});
