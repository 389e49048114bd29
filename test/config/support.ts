/** A complete, good configuration in a temporary folder, for a test to spoil. */
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import assert from 'node:assert/strict';
import { createPublicKey, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cleanup } from '../support/cleanup.ts';
import { rsaKey } from '../support/shared-keys.ts';
import { ConfigurationError } from '../../src/config.ts';
import type { Clock } from '../../src/lib/clock.ts';

/** 2026-11-02 12:00 in Istanbul. */
export const NOW = Date.UTC(2026, 10, 2, 9);
export const clock: Clock = { now: () => NOW, elapsedMs: () => 0 };

const DAY_MS = 86_400_000;

export interface Identity {
  key: KeyObject;
  keyPem: string;
  pem: string;
  der: Buffer;
}

/** A key and a self-signed certificate that is valid for some days around `NOW`. */
export async function makeIdentity(bits = 2048, fromDays = -30, toDays = 300): Promise<Identity> {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const key = await rsaKey(bits);
  const keys = {
    privateKey: key.toCryptoKey(algorithm, true, ['sign']),
    publicKey: createPublicKey(key).toCryptoKey(algorithm, true, ['verify']),
  };
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=Test',
    keys,
    signingAlgorithm: algorithm,
    notBefore: new Date(NOW + fromDays * DAY_MS),
    notAfter: new Date(NOW + toDays * DAY_MS),
  });
  return {
    key,
    keyPem: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    pem: certificate.toString('pem'),
    der: Buffer.from(certificate.rawData),
  };
}

/** To tell signers apart by. */
export function publicKeyOf({ key }: Identity): KeyObject {
  return createPublicKey(key);
}

export const identity = await makeIdentity();
export const otherIdentity = await makeIdentity();
export const PASSWORD = 'Sw0rd!fi';

export interface Folder {
  /** Writes a file, mode 0600, and gives its path. */
  write: (name: string, content: string | Buffer | object) => string;
  path: (name: string) => string;
  env: NodeJS.ProcessEnv;
}

/** One member TIB, one trusted certificate, and the environment that names them. */
export function createFolder(t: Cleanup): Folder {
  const directory = mkdtempSync(join(tmpdir(), 'mks-test-config-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const path = (name: string): string => join(directory, name);
  const write: Folder['write'] = (name, content) => {
    const isText = typeof content === 'string' || Buffer.isBuffer(content);
    writeFileSync(path(name), isText ? content : JSON.stringify(content), { mode: 0o600 });
    return path(name);
  };
  write('tib.password', `${PASSWORD}\n`);
  write('tib.key', identity.keyPem);
  write('tib.pem', identity.pem);
  write('mkk.pem', otherIdentity.pem);
  write('aky.key', otherIdentity.keyPem);
  write('aky.pem', otherIdentity.pem);
  write('members.json', { members: [memberEntry()] });
  return {
    write,
    path,
    env: {
      DATA_DIR: path('data'),
      SEALING_KEYS_FILE: write('sealing.keys', `one:${Buffer.alloc(32, 1).toString('base64')}\n`),
      MKS_MEMBERS_FILE: path('members.json'),
      MKS_TRUSTED_CERTIFICATES_FILE: path('mkk.pem'),
    },
  };
}

/** The entry of the member TIB, with some fields changed; undefined takes a field away. */
export function memberEntry(changes: Record<string, unknown> = {}): object {
  return {
    memberCode: 'TIB',
    userCode: 'TIB991',
    passwordFile: 'tib.password',
    signingKeyFile: 'tib.key',
    certificateFile: 'tib.pem',
    ...changes,
  };
}

/** A second member: it has a key of its own, as MKS 3.1 asks for. */
export function secondEntry(changes: Record<string, unknown> = {}): object {
  return memberEntry({
    memberCode: 'AKY',
    userCode: 'AKY991',
    signingKeyFile: 'aky.key',
    certificateFile: 'aky.pem',
    ...changes,
  });
}

/** The mistakes that an action finds; none when it succeeds. */
export function mistakesOf(action: () => unknown): readonly string[] {
  try {
    action();
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigurationError, String(error));
    for (const { en, tr } of error.mistakes) {
      assert.notEqual(en, tr, 'every mistake is told in both languages');
      const [variable = ''] = en.split(' ', 1);
      assert.ok(tr.startsWith(variable), `${tr} names another place than ${en}`);
    }
    return error.mistakes.map(({ en }) => en);
  }
}
