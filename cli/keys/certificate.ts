/**
 * Makes a member's signing key and the self-signed certificate for it, by MKK's rules: RSA 4096,
 * sha256WithRSA, the organisation's title as CN, the member code as O, one to two years (MKS 3.1).
 */
// @peculiar/x509 asks for it, and for it to come first.
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { createHash, KeyObject, randomBytes, webcrypto } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../failures.ts';

export const LEAST_DAYS = 365;
export const MOST_DAYS = 730;
const DAY_MS = 86_400_000;
/** RFC 5280, appendix A: what the subject's fields hold at most. */
const MOST_CHARACTERS = { title: 64, city: 128, district: 128 };

/** By the document's example, ST İstanbul and L Sarıyer (MKS 3.1). */
const RENAMED = { state: 'city', locality: 'district' } as const;

interface Request {
  member: string;
  title: string;
  city: string;
  district: string;
  country: string;
  days: number;
  out: string;
  passphrase?: string;
}

export interface CertificateOptions {
  member: string;
  title: string;
  city: string;
  district: string;
  country: string;
  days: string;
  out: string;
  passphraseFile?: string;
  /** What city and district were called before, to say what they are called now. */
  state?: string;
  locality?: string;
}

/** @throws UsageError that names every option with a mistake. */
function readRequest(values: CertificateOptions): Request {
  const mistakes = (['state', 'locality'] as const)
    .filter((name) => values[name] !== undefined)
    .map((name) => `--${name} is called --${RENAMED[name]} now`);
  const days = Number(values.days);
  if (!/^[A-Z0-9]{3,8}$/.test(values.member)) {
    mistakes.push('--member must be 3 to 8 capital letters A-Z and digits');
  }
  if (values.title.trim() === '') mistakes.push('--title is required');
  for (const [name, most] of Object.entries(MOST_CHARACTERS)) {
    const { length } = Array.from(values[name as keyof typeof MOST_CHARACTERS]);
    if (length > most) mistakes.push(`--${name} must have at most ${most} characters`);
  }
  if (!/^[A-Z]{2}$/.test(values.country)) mistakes.push('--country must be two capital letters');
  if (!/^\d+$/.test(values.days) || days < LEAST_DAYS || days > MOST_DAYS) {
    mistakes.push(`--days must be ${LEAST_DAYS} to ${MOST_DAYS}: MKK takes one to two years`);
  }
  if (mistakes.length > 0) throw new UsageError(mistakes.join('\n'));
  const { member, title, city, district, country, out, passphraseFile } = values;
  const request = { member, title, city, district, country, out, days };
  if (passphraseFile === undefined) return request;
  const passphrase = readFileSync(passphraseFile, 'utf8').replace(/\r?\n$/, '');
  if (passphrase === '') throw new UsageError('--passphrase-file is empty');
  return { ...request, passphrase };
}

const field = (type: string, value: string): x509.JsonNameParams =>
  value === '' ? [] : [{ [type]: [{ utf8String: value }] }];

/** Subject = issuer, from the country down; names in UTF-8, so that Turkish letters stay. */
function subjectOf(request: Request): x509.JsonNameParams {
  return [
    { C: [{ printableString: request.country }] },
    ...field('ST', request.city),
    ...field('L', request.district),
    ...field('O', request.member),
    ...field('CN', request.title),
  ];
}

async function makeIdentity(
  request: Request,
): Promise<{ key: KeyObject; certificate: x509.X509Certificate }> {
  const algorithm = {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    modulusLength: 4096,
    publicExponent: new Uint8Array([1, 0, 1]),
  };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  // Certificates count in whole seconds.
  const notBefore = new Date(Math.floor(Date.now() / 1000) * 1000);
  const serial = randomBytes(16);
  // A first byte of 0x40 to 0x7f keeps the number positive and its length fixed.
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: new x509.Name(subjectOf(request)),
    keys,
    signingAlgorithm: algorithm,
    serialNumber: serial.toString('hex'),
    notBefore,
    notAfter: new Date(notBefore.getTime() + request.days * DAY_MS),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { key: KeyObject.from(keys.privateKey), certificate };
}

/**
 * Writes the three files, none of them over an existing one.
 *
 * @throws UsageError; errors of the file system.
 */
export async function makeCertificate(options: CertificateOptions): Promise<void> {
  const request = readRequest(options);
  const [keyFile, pemFile, cerFile] = ['key', 'pem', 'cer'].map((extension) =>
    join(request.out, `${request.member}.${extension}`),
  ) as [string, string, string];
  const existing = [keyFile, pemFile, cerFile].filter((file) => existsSync(file));
  if (existing.length > 0) {
    throw new Error(`${existing.join(', ')}: exists already and is not overwritten`);
  }
  mkdirSync(request.out, { recursive: true, mode: 0o700 });
  console.log('Making an RSA key of 4096 bits …');
  const { key, certificate } = await makeIdentity(request);
  const encryption =
    request.passphrase === undefined
      ? {}
      : { cipher: 'aes-256-cbc', passphrase: request.passphrase };
  const pem = key.export({ type: 'pkcs8', format: 'pem', ...encryption });
  writeFileSync(keyFile, pem, { mode: 0o600, flag: 'wx' });
  writeFileSync(pemFile, `${certificate.toString('pem')}\n`, { flag: 'wx' });
  writeFileSync(cerFile, new Uint8Array(certificate.rawData), { flag: 'wx' });
  const digest = createHash('sha256').update(new Uint8Array(certificate.rawData)).digest('hex');
  const fingerprint = digest.toUpperCase().replaceAll(/..(?!$)/g, '$&:');
  console.log(`${keyFile}   the private key: it never leaves this machine
${pemFile}   the certificate, for certificateFile in the members file
${cerFile}   the same certificate, for MKK

SHA-256 fingerprint  ${fingerprint}
Valid until          ${certificate.notAfter.toISOString()}

Next:
1. The person whom screen TU14 names as "Teknik Yetkili" mails ${cerFile} to MKK's membership desk.
2. Compare the fingerprint with MKK over another channel when they register it.
3. Name ${keyFile} and ${pemFile} in the members file${request.passphrase === undefined ? '' : ', and the passphrase file with them'}.
4. Make the next one in good time: MKK knows one certificate per member code.`);
}
