/** Makes what MKK and its members would have by now: keys, certificates, passwords. Keeps what is there. */
import { randomInt, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { istanbulTime } from '../istanbul.ts';
import { makeAuthority, makeSigningPair, makeTlsPair, type PemPair } from './certificates.ts';
import type { MemberName } from './members.ts';
import { memberPaths, sandboxPaths } from './paths.ts';

export interface SandboxFilesOptions {
  members: readonly MemberName[];
  /** Bits of members' RSA keys; MKK asks for 4096, tests are faster with 2048. */
  memberKeyBits?: number;
  /** DNS names and IP addresses for a TLS certificate; none is made without. */
  tlsNames?: readonly string[];
}

const MKK_KEY_BITS = 2048;

/**
 * Makes the files that are missing: `mkk.pem` and its key, each member's folder, `members.json`,
 * and for TLS `ca.pem` and the server's certificate. Folders have mode 0700, files 0600.
 */
export async function createSandboxFiles(
  directory: string,
  options: SandboxFilesOptions,
): Promise<void> {
  const paths = sandboxPaths(directory);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  await ensurePair(paths.signingKey, paths.signingCertificate, () =>
    makeSigningPair(
      { commonName: 'Merkezi Kayıt Kuruluşu (sandbox)', organisation: 'MKK' },
      MKK_KEY_BITS,
    ),
  );
  for (const member of options.members) {
    await ensureMember(directory, member.memberCode, options.memberKeyBits ?? 4096);
  }
  writeSecret(paths.members, membersFile(directory, options.members));
  if (options.tlsNames !== undefined) await ensureTls(directory, options.tlsNames);
}

async function ensureMember(directory: string, memberCode: string, keyBits: number): Promise<void> {
  const { signingKeyFile, certificateFile, passwordFile } = memberPaths(memberCode);
  const at = (file: string): string => join(directory, file);
  mkdirSync(at(memberCode), { recursive: true, mode: 0o700 });
  await ensurePair(at(signingKeyFile), at(certificateFile), () =>
    makeSigningPair(
      { commonName: `${memberCode} Yatırım A.Ş.`, organisation: memberCode },
      keyBits,
    ),
  );
  if (!existsSync(at(passwordFile))) writeSecret(at(passwordFile), `${newPassword()}\n`);
}

function membersFile(directory: string, members: readonly MemberName[]): string {
  const entries = members.map((member) => {
    const files = memberPaths(member.memberCode);
    const changedAtMs = statSync(join(directory, files.passwordFile)).mtimeMs;
    return { ...member, ...files, passwordChangedOn: istanbulTime(changedAtMs).slice(0, 10) };
  });
  return `${JSON.stringify({ members: entries }, null, 2)}\n`;
}

async function ensureTls(directory: string, names: readonly string[]): Promise<void> {
  const paths = sandboxPaths(directory);
  await ensurePair(paths.authorityKey, paths.authorityCertificate, makeAuthority);
  if (existsSync(paths.tlsCertificate) && isFor(paths.tlsCertificate, names)) return;
  const authority = {
    key: readFileSync(paths.authorityKey, 'utf8'),
    certificate: readFileSync(paths.authorityCertificate, 'utf8'),
  };
  writePair(paths.tlsKey, paths.tlsCertificate, await makeTlsPair(authority, names));
}

function isFor(certificateFile: string, names: readonly string[]): boolean {
  const certificate = new X509Certificate(readFileSync(certificateFile));
  const isValid = certificate.validToDate.getTime() > Date.now();
  const covers = (name: string): boolean =>
    (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) !== undefined;
  return isValid && names.every(covers);
}

async function ensurePair(
  keyFile: string,
  certificateFile: string,
  make: () => Promise<PemPair>,
): Promise<void> {
  if (existsSync(keyFile) && existsSync(certificateFile)) return;
  writePair(keyFile, certificateFile, await make());
}

function writePair(keyFile: string, certificateFile: string, pair: PemPair): void {
  writeSecret(keyFile, pair.key);
  writeSecret(certificateFile, pair.certificate);
}

function writeSecret(file: string, text: string): void {
  writeFileSync(file, text, { mode: 0o600 });
}

/** Ten characters with a letter, a digit and a symbol (MKS 3.2.2). */
function newPassword(): string {
  const letters = pick('ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz', 6);
  return letters + pick('23456789', 3) + pick('!*+-.=', 1);
}

function pick(characters: string, count: number): string {
  const one = (): string => characters.charAt(randomInt(characters.length));
  return Array.from({ length: count }, one).join('');
}
