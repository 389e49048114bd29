/** Promise 9: the example of RFC 7515, and signatures of ours verified by the program `openssl`. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keySigner } from '../../src/lib/key-signer.ts';
import { signMessage } from '../../src/mks/sign.ts';
import { verifyJws } from '../../src/mks/verify.ts';
import { rfc7515Jws, rfc7515Key } from '../mks/vectors.ts';
import { temporaryFolder } from '../support/folder.ts';
import { makeIdentity } from '../support/identities.ts';
import { wrongSignatures, type Verify } from '../support/signatures.ts';
import type { Outcome, Proof } from './proof.ts';

const PAYLOADS_A_KEY = 500;
const KEY_BITS = [2048, 4096];

export const proof: Proof = {
  number: 9,
  promise: 'the signature is right',
  small: ['test/mks/signature.test.ts'],
  prove,
};

async function prove(seed: number): Promise<Outcome> {
  const wrong = (await isVectorRight()) ? [] : ['RFC 7515 A.2'];
  for (const bits of KEY_BITS) {
    const { signer, certificate } = await makeIdentity('test.invalid', bits);
    const pem = certificate.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    wrong.push(...(await wrongSignatures(PAYLOADS_A_KEY, seed, signer, await opensslOf(pem))));
  }
  for (const each of wrong.slice(0, 20)) console.error(each);
  const count = PAYLOADS_A_KEY * KEY_BITS.length;
  return {
    done:
      `the vector of RFC 7515 A.2 made and verified; ${count.toLocaleString('en')} random payloads ` +
      `of 0 to ${PAYLOADS_A_KEY - 1} bytes, keys of ${KEY_BITS.join(' and ')} bits, verified by the program openssl`,
    figure: `${wrong.length} wrong`,
    met: wrong.length === 0,
  };
}

async function isVectorRight(): Promise<boolean> {
  const key = createPrivateKey({ key: rfc7515Key, format: 'jwk' });
  const payload = Buffer.from(rfc7515Jws.split('.')[1] ?? '', 'base64url');
  const made = await signMessage(payload, keySigner(key));
  const { payload: verified } = await verifyJws(rfc7515Jws, [createPublicKey(key)]);
  return made === rfc7515Jws && verified['iss'] === 'joe';
}

async function opensslOf(publicKeyPem: string): Promise<Verify> {
  const folder = await temporaryFolder();
  const [key, signatureFile] = [join(folder, 'key.pem'), join(folder, 'signature')];
  await writeFile(key, publicKeyPem);
  return async (signed, signature) => {
    await writeFile(signatureFile, signature);
    const args = ['dgst', '-sha256', '-verify', key, '-signature', signatureFile];
    const openssl = spawn('openssl', args, { stdio: ['pipe', 'ignore', 'ignore'] });
    openssl.stdin.end(signed);
    const [status] = (await once(openssl, 'exit')) as [number | null];
    return status === 0;
  };
}
