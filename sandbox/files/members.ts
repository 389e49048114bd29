/** The members that the sandbox knows, read from the same files that the gateway reads. */
import { X509Certificate, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { memberPaths } from './paths.ts';

/** A member and its user for online integration. */
export interface MemberName {
  memberCode: string;
  userCode: string;
}

export interface SandboxMember extends MemberName {
  password: string;
  /** From the certificates that are registered for the member. */
  publicKeys: KeyObject[];
}

/** Reads the members' passwords and certificates. @throws Error when a file is missing or broken. */
export function readMembers(
  directory: string,
  names: readonly MemberName[],
): Map<string, SandboxMember> {
  const members = names.map((name): [string, SandboxMember] => {
    const { passwordFile, certificateFile } = memberPaths(name.memberCode);
    const password = readFileSync(join(directory, passwordFile), 'utf8').replace(/\r?\n$/, '');
    const certificate = new X509Certificate(readFileSync(join(directory, certificateFile)));
    return [name.memberCode, { ...name, password, publicKeys: [certificate.publicKey] }];
  });
  return new Map(members);
}
