/** Certificates that change while it runs: a member's, as MKK registers a second one, and MKK's own. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { World } from './world.ts';

/** Takes messages signed with this certificate's key too. @throws RangeError */
export function registerCertificate(world: World, memberCode: string, pem: string): void {
  const member = world.members.get(memberCode);
  if (member === undefined) throw new RangeError(`there is no member ${memberCode}`);
  member.publicKeys.push(parsed('certificate', () => new X509Certificate(pem).publicKey));
}

/** Signs answers with this key from now on. @throws RangeError */
export function signWith(world: World, keyPem: string): void {
  world.signingKey = parsed('key', () => createPrivateKey(keyPem));
}

function parsed<T>(what: string, parse: () => T): T {
  try {
    return parse();
  } catch {
    throw new RangeError(`${what} has to be PEM`);
  }
}
