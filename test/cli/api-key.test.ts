import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { loadClients } from '../../src/config.ts';
import { createFolder } from '../config/support.ts';
import { runCommand } from '../scripts/run.ts';

test('a new key each time, with an entry that the gateway takes', (t) => {
  const args = ['--name', 'reconciliation', '--members', 'TIB, AKY', '--operator', '--auditor'];
  const keys = [1, 2].map(() => {
    const { code, output } = runCommand('api-key', args);
    assert.equal(code, 0);
    const [key = ''] = /^mksgw_[A-Za-z0-9_-]{43}$/m.exec(output) ?? [];
    const [entry = ''] = /^\{.*\}$/m.exec(output) ?? [];
    const file = createFolder(t).write('clients.json', `{"clients":[${entry}]}`);
    const { clients } = loadClients(file, new Set(['TIB', 'AKY']));
    const keyDigests = [createHash('sha256').update(key).digest()];
    assert.deepEqual(clients, [
      {
        name: 'reconciliation',
        keyDigests,
        members: ['TIB', 'AKY'],
        operator: true,
        auditor: true,
        queueLimit: 1_000,
        notices: {},
      },
    ]);
    return key;
  });
  assert.notEqual(keys[0], keys[1]);
});

test('mistakes are named', () => {
  const { code, errors, output } = runCommand('api-key', ['--name', 'a b', '--members', 'x']);
  assert.equal(code, 2);
  assert.equal(output, '');
  assert.match(errors, /--name must[^]*--members must/);
});

test('in Turkish where the terminal is', () => {
  const env = { ...process.env, LC_ALL: 'tr_TR.UTF-8' };
  const args = ['--name', 'reconciliation', '--members', 'TIB'];
  const { code, output } = runCommand('api-key', args, env);
  assert.equal(code, 0);
  assert.match(output, /^Anahtar, [^]*\n\nmksgw_\S{43}\n\nİstemciler [^]*\n\n\{"name":"recon/);
  const { errors } = runCommand('api-key', ['--name', 'a b', '--members', 'x'], env);
  assert.match(errors, /^--name: 1–64 harf [^]*\n--members: virgülle /);
});
