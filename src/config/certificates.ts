/** Certificates and private keys: ours for TLS, the members' for signing, MKK's that we trust. */
import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { toIstanbulTimestamp } from '../lib/dates.ts';
import { defined } from '../lib/defined.ts';
import type { Localised } from '../lib/localised.ts';
import type { Place } from './findings.ts';
import { readBytes, readText } from './files.ts';

/** RSA 2048 is the least that MKK's own signatures show and that RS256 calls for (RFC 7518 §3.3). */
const LEAST_RSA_BITS = 2048;
const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Reads one certificate, PEM or DER. */
export function readCertificate(path: string, place: Place): X509Certificate | undefined {
  const bytes = readBytes(path, place, { secret: false });
  if (bytes === undefined) return undefined;
  const certificate = parseCertificate(bytes);
  if (certificate === undefined)
    place.mistake(
      `${path} is no certificate in PEM or DER`,
      `${path} PEM veya DER biçiminde sertifika değil`,
    );
  return certificate;
}

/** Reads every certificate of a PEM file, at least one. */
export function readCertificates(path: string, place: Place): X509Certificate[] | undefined {
  const text = readText(path, place, { secret: false });
  if (text === undefined) return undefined;
  const parsed = (text.match(PEM_CERTIFICATE) ?? []).map((pem) => parseCertificate(pem));
  if (parsed.length === 0) {
    place.mistake(
      `${path} holds no certificate in PEM`,
      `${path} PEM biçiminde sertifika içermiyor`,
    );
    return undefined;
  }
  const certificates = parsed.filter((certificate) => certificate !== undefined);
  if (certificates.length === parsed.length) return certificates;
  const position = parsed.indexOf(undefined) + 1;
  place.mistake(
    `${path}: certificate ${position} cannot be read`,
    `${path}: ${position}. sertifika okunamıyor`,
  );
  return undefined;
}

/** MKK's response-signing certificates: RSA of 2048 bits or more, at least one of them in force. */
export function readTrustedCertificates(
  path: string,
  place: Place,
  nowMs: number,
): X509Certificate[] | undefined {
  const certificates = readCertificates(path, place);
  if (certificates === undefined) return undefined;
  const expired = certificates.filter(({ validToDate }) => validToDate.getTime() <= nowMs);
  for (const [index, certificate] of certificates.entries()) {
    const fault = rsaFault(certificate.publicKey);
    if (fault === undefined) continue;
    const [en, tr] = [
      `certificate ${index + 1} ${fault.en}`,
      `${index + 1}. sertifika: ${fault.tr}`,
    ];
    place.mistake(`${path}: ${en}`, `${path}: ${tr}`);
  }
  if (expired.length === certificates.length) {
    place.mistake(
      `${path}: every certificate has expired`,
      `${path}: bütün sertifikaların süresi dolmuş`,
    );
  } else if (expired.length > 0) {
    place.warning(
      'trusted-certificates',
      `${path}: ${expired.length} of ${certificates.length} certificates have expired`,
      `${path}: ${certificates.length} sertifikadan ${expired.length} tanesinin süresi dolmuş`,
    );
  }
  return certificates;
}

/** Reads an RSA private key to sign with (MKS 3.1), PEM in PKCS #1 or PKCS #8. */
export function readSigningKey(
  path: string,
  place: Place,
  passphrase?: string,
): KeyObject | undefined {
  const key = readPrivateKey(path, place, passphrase);
  const fault = key === undefined ? undefined : rsaFault(key);
  if (fault === undefined) return key;
  place.mistake(`${path} ${fault.en}`, `${path} ${fault.tr}`);
  return undefined;
}

/** Reads a private key of any kind, PEM. */
export function readPrivateKey(
  path: string,
  place: Place,
  passphrase?: string,
): KeyObject | undefined {
  const bytes = readBytes(path, place, { secret: true });
  if (bytes === undefined) return undefined;
  try {
    return createPrivateKey({
      key: bytes,
      format: 'pem',
      ...defined({ passphrase }),
    });
  } catch {
    const { en, tr } = keyFault(bytes, passphrase);
    place.mistake(`${path} ${en}`, `${path} ${tr}`);
    return undefined;
  }
}

/**
 * Notes what keeps the certificate from serving with this key at this instant.
 * @param key private, or public where nobody gives the private one away.
 */
export function checkCertificate(
  certificate: X509Certificate,
  key: KeyObject | undefined,
  place: Place,
  fromMs: number,
): void {
  const { validFromDate, validToDate } = certificate;
  const isPair =
    key?.type === 'public'
      ? certificate.publicKey.equals(key)
      : key && certificate.checkPrivateKey(key);
  if (isPair === false) {
    place.mistake('the certificate does not belong to the key', 'sertifika anahtara ait değil');
  }
  if (validToDate.getTime() <= fromMs) {
    const until = toIstanbulTimestamp(validToDate.getTime());
    place.mistake(
      `the certificate expired at ${until}`,
      `sertifikanın süresi ${until} anında dolmuş`,
    );
  }
  if (validFromDate.getTime() > fromMs) {
    const from = toIstanbulTimestamp(validFromDate.getTime());
    place.mistake(
      `the certificate is not valid before ${from}`,
      `sertifika ${from} anından önce geçerli değil`,
    );
  }
}

/** Warns of what MKK's rules do not foresee in a member's certificate (MKS 3.1). */
export function adviseOnCertificate(
  certificate: X509Certificate,
  memberCode: string,
  place: Place,
): void {
  if (certificate.ca) {
    place.warning(
      'certificate',
      'is a certificate authority’s certificate: MKK registers one that signs messages alone',
      'bir sertifika otoritesinin sertifikası: MKK yalnız mesaj imzalayan bir sertifika kaydeder',
    );
  }
  const [, organisation] = /^O=(.*)$/m.exec(certificate.subject) ?? [];
  if (organisation === undefined || organisation === memberCode) return;
  place.warning(
    'certificate',
    `names O=${organisation} in its subject, which ought to be the member code ${memberCode}`,
    `konusunda O=${organisation} var; üye kodu ${memberCode} olmalıydı`,
  );
}

function parseCertificate(bytes: Buffer | string): X509Certificate | undefined {
  try {
    const certificate = new X509Certificate(bytes);
    // Node reads the key only when it is asked for, and throws then.
    return certificate.publicKey.type === 'public' ? certificate : undefined;
  } catch {
    return undefined;
  }
}

/** What keeps an RSA key from signing or verifying as MKS does, if it is one. */
export function rsaFault(key: KeyObject): Localised | undefined {
  if (key.asymmetricKeyType !== 'rsa') return { en: 'is not an RSA key', tr: 'RSA anahtarı değil' };
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits >= LEAST_RSA_BITS) return undefined;
  return {
    en: `is an RSA key of ${bits} bits; at least ${LEAST_RSA_BITS} are needed`,
    tr: `${bits} bitlik RSA anahtarı; en az ${LEAST_RSA_BITS} gerekir`,
  };
}

function keyFault(bytes: Buffer, passphrase: string | undefined): Localised {
  if (!bytes.includes('ENCRYPTED')) {
    return { en: 'is no private key in PEM', tr: 'PEM biçiminde özel anahtar değil' };
  }
  return passphrase === undefined
    ? { en: 'is encrypted and needs a passphrase', tr: 'şifreli; parola dosyası gerekir' }
    : { en: 'does not open with the passphrase', tr: 'verilen parolayla açılmıyor' };
}
