/** A key is one member's alone (MKS 3.1), whatever certificates it has. */
import assert from 'node:assert/strict';
import { sign } from 'node:crypto';
import { test } from 'node:test';
import { loadCredentials } from '../../src/config.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { makeCertificate, makeIdentity } from '../support/identities.ts';
import { createFolder, memberEntry, mistakesOf, secondEntry } from './support.ts';

test('two members with one key are told, also where each has a certificate of its own', async (t) => {
  const { path, write } = createFolder(t);
  const { certificatePem, keyPem, privateKey, signer } = await makeIdentity();
  const signBytes = (bytes: Buffer): Buffer => sign('sha256', bytes, privateKey);
  const second = await makeCertificate(signer.publicKey, signBytes);
  for (const name of ['tib.key', 'aky.key']) write(name, keyPem);
  for (const name of ['tib.pem', 'mkk.pem']) write(name, certificatePem);
  write('aky.pem', second.toString());
  write('members.json', { members: [memberEntry(), secondEntry()] });
  const files = { membersFile: path('members.json'), trustedCertificatesFile: path('mkk.pem') };
  assert.deepEqual(
    mistakesOf(() => loadCredentials(files, systemClock)),
    [
      "MKS_MEMBERS_FILE: members[1].signingKeyFile: is TIB's key too: each member code has its own (MKS 3.1)",
    ],
  );
});
