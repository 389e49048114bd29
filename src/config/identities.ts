/** What a member signs with: its key and its certificate, each member's its own (MKS 3.1). */
import type { X509Certificate } from 'node:crypto';
import { resolve } from 'node:path';
import { Type } from 'typebox';
import type { Identity, Member, Signer } from '../lib/credentials.ts';
import {
  adviseOnCertificate,
  checkCertificate,
  readCertificate,
  readSigningKey,
} from './certificates.ts';
import { defined } from '../lib/defined.ts';
import { keySigner } from '../lib/key-signer.ts';
import { readSecretLine } from './files.ts';
import type { Localised } from '../lib/localised.ts';
import type { Place } from './findings.ts';
import { told } from './shape.ts';

/** A field that names a file. */
export const filePath = () =>
  Type.String({ minLength: 1, ...told('must be the path of a file', 'bir dosya yolu olmalı') });

/** What stands of an identity in a member's entry, and in its `next`. */
export const identityFields = {
  signingKeyFile: filePath(),
  signingKeyPassphraseFile: Type.Optional(filePath()),
  certificateFile: filePath(),
};

interface IdentityEntry {
  memberCode: string;
  signingKeyFile: string;
  signingKeyPassphraseFile?: string;
  certificateFile: string;
}

/**
 * Reads a key, its passphrase and its certificate. What is wrong with them shuts off their member.
 * @param fromMs when the identity has to be able to sign; undefined when it no longer has to.
 * @param consequence what is told of its mistakes, if not that the member is shut off.
 */
export function readIdentity(
  entry: IdentityEntry,
  directory: string,
  entryPlace: Place,
  fromMs: number | undefined,
  consequence?: Localised,
): Identity {
  const { memberCode } = entry;
  const place = entryPlace.concerning(memberCode, consequence);
  const passphrase =
    entry.signingKeyPassphraseFile === undefined
      ? undefined
      : readSecretLine(
          resolve(directory, entry.signingKeyPassphraseFile),
          place.at('signingKeyPassphraseFile'),
        );
  const keyPath = resolve(directory, entry.signingKeyFile);
  const privateKey = readSigningKey(keyPath, place.at('signingKeyFile'), passphrase);
  const signer = privateKey && keySigner(privateKey);
  const certificatePlace = place.at('certificateFile');
  const certificate = readCertificate(resolve(directory, entry.certificateFile), certificatePlace);
  if (certificate !== undefined) {
    const instant = fromMs ?? certificate.validFromDate.getTime();
    checkCertificate(certificate, privateKey, certificatePlace, instant);
    adviseOnCertificate(certificate, memberCode, certificatePlace);
  }
  return identityOf(signer, certificate);
}

/** What its time makes of a pair is not said here: time goes on. */
function identityOf(signer?: Signer, certificate?: X509Certificate): Identity {
  if (signer === undefined) return { fault: 'key-unusable', ...defined({ certificate }) };
  if (certificate === undefined) return { fault: 'certificate-unusable', signer };
  if (certificate.publicKey.equals(signer.publicKey)) return { signer, certificate };
  return { fault: 'certificate-of-another-key', signer, certificate };
}

/** Whose each certificate and each public key is, by its bytes. */
export type Owners = Map<string, string>;

/** MKK knows one certificate for each member code (MKS 3.1): what two members share is a mistake. */
export function noteShared(
  { memberCode, identity, next }: Member,
  owners: Owners,
  place: Place,
): void {
  for (const [each, at] of [
    [identity, place],
    [next, place.at('next')],
  ] as const) {
    // Files that make no pair shut off their member already, whosever they are.
    if (each === undefined || 'fault' in each) continue;
    const { certificate } = each;
    const key = certificate.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    const [ofCertificate, ofKey] = [owners.get(certificate.fingerprint256), owners.get(key)];
    if (ofCertificate !== undefined && ofCertificate !== memberCode) {
      at.at('certificateFile').mistake(
        `is ${ofCertificate}'s certificate too: each member code has its own (MKS 3.1)`,
        `${ofCertificate} üyesinin de sertifikası: her üye kodunun kendi sertifikası olur (MKS 3.1)`,
      );
    } else if (ofKey !== undefined && ofKey !== memberCode) {
      at.at('signingKeyFile').mistake(
        `is ${ofKey}'s key too: each member code has its own (MKS 3.1)`,
        `${ofKey} üyesinin de anahtarı: her üye kodunun kendi anahtarı olur (MKS 3.1)`,
      );
    }
    owners.set(certificate.fingerprint256, memberCode);
    owners.set(key, memberCode);
  }
}
