/** The doctor's look at what members sign with: a key in a file, and one in SoftHSM with what may be wrong there. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { skip, startSoftHsm } from '../../support/softhsm.ts';
import { environment, examine, find, sandbox, visit } from '../doctor-support.ts';

const PIN = 'pin-9038127';

test('a key in a file signs a probe', async () => {
  const { checks } = await examine(await environment());
  const found = find(checks, 'signing-key');
  assert.equal(found.status, 'ok');
  assert.match(found.text, /^in a file; a probe is signed in \d+ ms and verifies$/);
});

test(
  'a key in an HSM signs one too; token, key and PIN troubles are told with what to do',
  { skip },
  async () => {
    const hsm = await startSoftHsm();
    await hsm.initToken('mks', PIN);
    const { members } = JSON.parse(await readFile(sandbox.membersFile, 'utf8')) as {
      members: Record<string, unknown>[];
    };
    const write = async (name: string, text: string) => {
      const path = join(hsm.folder, name);
      await writeFile(path, text, { mode: 0o600 });
      return path;
    };
    const certificateFile = await write('tib.pem', await hsm.makeKey('mks', PIN, 'TIB', 2048));
    const { pkcs11 } = await hsm.entry('mks', PIN, 'TIB');
    const [first] = members;
    const look = async (change: object) => {
      const signer = { pkcs11: { ...pkcs11, ...change } };
      const passwordFile = join(sandbox.membersFile, '..', String(first?.['passwordFile']));
      const entry = { ...first, signingKeyFile: undefined, passwordFile, signer, certificateFile };
      const file = await write('members.json', JSON.stringify({ members: [entry] }));
      const variables = await environment({
        MKS_MEMBERS_FILE: file,
        SOFTHSM2_CONF: process.env['SOFTHSM2_CONF'] ?? '',
        LANG: 'tr_TR.UTF-8',
      });
      const { output, errors } = await visit(variables);
      assert.ok(!`${output}${errors}`.includes('pin-'), 'no PIN');
      return output;
    };
    assert.match(await look({}), /✓ imza anahtarı TIB: HSM’de; deneme imzası \d+ ms sürdü/);
    assert.match(
      await look({ pinFile: await write('wrong.pin', 'pin-0') }),
      /✗ yapılandırma: .*pinFile: HSM bu PIN’i kabul etmiyor; .* \(CKR_PIN_INCORRECT\)/,
    );
    assert.match(
      await look({ keyLabel: 'AKY' }),
      /✗ .*keyLabel: token bu etikete sahip özel anahtar/,
    );
    assert.match(await look({ tokenLabel: 'x' }), /✗ .*tokenLabel: bu etikete .*found: "mks"/);
  },
);
