/** Where each of the sandbox's files lies under its data directory. */
import { join } from 'node:path';

/** MKK's own files. */
export function sandboxPaths(directory: string) {
  return {
    /** MKK's certificate, with which members verify answers, and its key. */
    signingCertificate: join(directory, 'mkk.pem'),
    signingKey: join(directory, 'mkk.key'),
    /** The authority of the TLS certificate, and what it has issued. */
    authorityCertificate: join(directory, 'ca.pem'),
    authorityKey: join(directory, 'ca.key'),
    tlsCertificate: join(directory, 'tls.pem'),
    tlsKey: join(directory, 'tls.key'),
    /** In the form that the gateway reads. */
    members: join(directory, 'members.json'),
  };
}

/** One member's files, relative to the directory of `members.json`. */
export function memberPaths(memberCode: string) {
  return {
    signingKeyFile: `${memberCode}/signing.key`,
    certificateFile: `${memberCode}/signing.pem`,
    passwordFile: `${memberCode}/password`,
  };
}
