/** What a member signs with: its key and its certificate, each member's its own (MKS 3.1). */
import type { X509Certificate } from 'node:crypto';
import { resolve } from 'node:path';
import { Type, type Static } from 'typebox';
import type { Identity, Member, Signer, SigningFault } from '../lib/credentials.ts';
import {
  adviseOnCertificate,
  checkCertificate,
  readCertificate,
  readSigningKey,
  rsaFault,
} from './certificates.ts';
import { defined } from '../lib/defined.ts';
import type { Hsms } from '../lib/hsm.ts';
import { hsmFault, hsmTroubleText } from '../lib/hsm-troubles.ts';
import { keySigner } from '../lib/key-signer.ts';
import { noteAccess, readSecretLine } from './files.ts';
import type { Localised } from '../lib/localised.ts';
import type { Place } from './findings.ts';
import { told } from './shape.ts';

/** A field that names a file. */
export const filePath = () =>
  Type.String({ minLength: 1, ...told('must be the path of a file', 'bir dosya yolu olmalı') });

const label = () =>
  Type.String({
    minLength: 1,
    ...told('must be a label of one character or more', 'en az bir karakterlik etiket olmalı'),
  });

/** A key that lies in an HSM, in place of `signingKeyFile`. */
export const signerField = Type.Object(
  {
    pkcs11: Type.Object(
      { module: filePath(), tokenLabel: label(), keyLabel: label(), pinFile: filePath() },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
);

/** What stands of an identity in a member's entry, and in its `next`. */
export const identityFields = {
  signingKeyFile: Type.Optional(filePath()),
  signingKeyPassphraseFile: Type.Optional(filePath()),
  signer: Type.Optional(signerField),
  certificateFile: filePath(),
};

interface IdentityEntry {
  memberCode: string;
  signingKeyFile?: string;
  signingKeyPassphraseFile?: string;
  signer?: Static<typeof signerField>;
  certificateFile: string;
}

/** What every identity of a members file is read with. */
export interface IdentityReading {
  /** Paths are relative to it. */
  directory: string;
  hsms: Hsms;
}

/**
 * Reads a certificate and what signs for it. What is wrong with them shuts off their member.
 * @param fromMs when the identity has to be able to sign; undefined when it no longer has to.
 * @param consequence what is told of its mistakes, if not that the member is shut off.
 */
export function readIdentity(
  entry: IdentityEntry,
  reading: IdentityReading,
  entryPlace: Place,
  fromMs: number | undefined,
  consequence?: Localised,
): Identity {
  const { memberCode } = entry;
  const place = entryPlace.concerning(memberCode, consequence);
  checkSource(entry, entryPlace.of(memberCode));
  const certificatePlace = place.at('certificateFile');
  const certificateFile = resolve(reading.directory, entry.certificateFile);
  const certificate = readCertificate(certificateFile, certificatePlace);
  const found =
    entry.signer === undefined
      ? readKeyFile(entry, reading.directory, place)
      : readHsmKey(entry.signer, reading, place, fromMs === undefined ? undefined : certificate);
  if (certificate !== undefined) {
    const instant = fromMs ?? certificate.validFromDate.getTime();
    const key = found.signer?.publicKey;
    checkCertificate(certificate, key, certificatePlace, instant);
    adviseOnCertificate(certificate, memberCode, certificatePlace);
  }
  return identityOf(found, certificate);
}

/** What signs, or why nothing does. */
type Found = { signer: Signer } | { signer?: undefined; fault: SigningFault };

/** Exactly one of the two has to be named. */
function checkSource(entry: IdentityEntry, place: Place): void {
  const { signingKeyFile, signingKeyPassphraseFile, signer } = entry;
  if (signingKeyFile === undefined && signer === undefined) {
    place
      .at('signingKeyFile')
      .mistake('is required, or `signer` in its place', 'gerekli; ya da onun yerine `signer`');
  }
  if (signer === undefined) return;
  if (signingKeyFile !== undefined) {
    place
      .at('signer')
      .mistake(
        'stands beside signingKeyFile: the key is in the file or in the HSM',
        'signingKeyFile ile birlikte duruyor: anahtar ya dosyadadır ya HSM’de',
      );
  }
  if (signingKeyPassphraseFile !== undefined) {
    place
      .at('signingKeyPassphraseFile')
      .mistake(
        'opens a key file, and `signer` names none: an HSM takes pinFile',
        'anahtar dosyasını açar, `signer` dosya göstermez: HSM için pinFile verilir',
      );
  }
}

function readKeyFile(entry: IdentityEntry, directory: string, place: Place): Found {
  const { signingKeyFile, signingKeyPassphraseFile } = entry;
  const passphrase =
    signingKeyPassphraseFile === undefined
      ? undefined
      : readSecretLine(
          resolve(directory, signingKeyPassphraseFile),
          place.at('signingKeyPassphraseFile'),
        );
  if (signingKeyFile === undefined) return { fault: 'key-unusable' };
  const keyPath = resolve(directory, signingKeyFile);
  const privateKey = readSigningKey(keyPath, place.at('signingKeyFile'), passphrase);
  return privateKey === undefined ? { fault: 'key-unusable' } : { signer: keySigner(privateKey) };
}

/** @param certificate its key has to be the one in the HSM; without it the HSM is not asked. */
function readHsmKey(
  { pkcs11 }: Static<typeof signerField>,
  { directory, hsms }: IdentityReading,
  identityPlace: Place,
  certificate: X509Certificate | undefined,
): Found {
  const place = identityPlace.at('signer').at('pkcs11');
  const module = resolve(directory, pkcs11.module);
  const isThere = noteAccess(module, place.at('module'));
  const pin = readSecretLine(resolve(directory, pkcs11.pinFile), place.at('pinFile'));
  if (pin === '') place.at('pinFile').mistake('holds no PIN', 'içinde PIN yok');
  if (!isThere || pin === undefined || pin === '') return { fault: 'key-unusable' };
  if (certificate === undefined) return { fault: 'hsm-unavailable' };
  const fault = rsaFault(certificate.publicKey);
  if (fault !== undefined) {
    identityPlace.at('certificateFile').mistake(`its key ${fault.en}`, `anahtarı: ${fault.tr}`);
    return { fault: 'certificate-unusable' };
  }
  const { tokenLabel, keyLabel } = pkcs11;
  const found = hsms.find({ module, tokenLabel, keyLabel, pin }, certificate.publicKey);
  if (found === 'asking') {
    place.mistake('the HSM is being asked', 'HSM’ye soruluyor');
    return { fault: 'hsm-unavailable' };
  }
  if (!('reason' in found)) return { signer: found };
  const { field, en, tr } = hsmTroubleText(found);
  if (field === 'certificateFile') identityPlace.at(field).mistake(en, tr);
  else (field === '' ? place : place.at(field)).mistake(en, tr);
  return { fault: hsmFault(found) };
}

/** What its time makes of a pair is not said here: time goes on. */
function identityOf(found: Found, certificate?: X509Certificate): Identity {
  if (found.signer === undefined) return { fault: found.fault, ...defined({ certificate }) };
  const { signer } = found;
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
      at.at(each.signer.kind === 'file' ? 'signingKeyFile' : 'signer').mistake(
        `is ${ofKey}'s key too: each member code has its own (MKS 3.1)`,
        `${ofKey} üyesinin de anahtarı: her üye kodunun kendi anahtarı olur (MKS 3.1)`,
      );
    }
    owners.set(certificate.fingerprint256, memberCode);
    owners.set(key, memberCode);
  }
}
