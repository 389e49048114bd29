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
import { say, type Shell } from '../shell.ts';

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
function readRequest(shell: Shell, values: CertificateOptions): Request {
  const text = (en: string, tr: string): string => say(shell, { en, tr });
  const mistakes = (['state', 'locality'] as const)
    .filter((name) => values[name] !== undefined)
    .map((name) =>
      text(
        `--${name} is called --${RENAMED[name]} now`,
        `--${name} seçeneğinin adı artık --${RENAMED[name]}`,
      ),
    );
  const days = Number(values.days);
  if (!/^[A-Z0-9]{3,8}$/.test(values.member)) {
    mistakes.push(
      text(
        '--member must be 3 to 8 capital letters A-Z and digits',
        '--member: 3–8 büyük harf (A-Z) ve rakam olmalı',
      ),
    );
  }
  if (values.title.trim() === '')
    mistakes.push(text('--title is required', '--title: kurumun unvanı eksik'));
  for (const [name, most] of Object.entries(MOST_CHARACTERS)) {
    const { length } = Array.from(values[name as keyof typeof MOST_CHARACTERS]);
    if (length > most) {
      mistakes.push(
        text(
          `--${name} must have at most ${most} characters`,
          `--${name}: en çok ${most} karakter`,
        ),
      );
    }
  }
  if (!/^[A-Z]{2}$/.test(values.country)) {
    mistakes.push(
      text('--country must be two capital letters', '--country: iki büyük harf (A-Z) olmalı'),
    );
  }
  if (!/^\d+$/.test(values.days) || days < LEAST_DAYS || days > MOST_DAYS) {
    mistakes.push(
      text(
        `--days must be ${LEAST_DAYS} to ${MOST_DAYS}: MKK takes one to two years`,
        `--days: ${LEAST_DAYS} ile ${MOST_DAYS} arası olmalı; MKK bir ile iki yıl arasını kabul eder`,
      ),
    );
  }
  if (mistakes.length > 0) throw new UsageError(mistakes.join('\n'));
  const { member, title, city, district, country, out, passphraseFile } = values;
  const request = { member, title, city, district, country, out, days };
  if (passphraseFile === undefined) return request;
  const passphrase = readFileSync(passphraseFile, 'utf8').replace(/\r?\n$/, '');
  if (passphrase === '') {
    throw new UsageError(text('--passphrase-file is empty', '--passphrase-file: dosya boş'));
  }
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

/** The files that are written, by what each is. */
type Files = Record<'key' | 'pem' | 'cer', string>;

/** What a person reads when the files are there: what they are, and what to do with them. */
function nextSteps(
  shell: Shell,
  { key, pem, cer }: Files,
  { fingerprint, until, isEncrypted }: { fingerprint: string; until: string; isEncrypted: boolean },
): string {
  return say(shell, {
    en: `${key}   the private key: it never leaves this machine
${pem}   the certificate, for certificateFile in the members file
${cer}   the same certificate, for MKK

SHA-256 fingerprint  ${fingerprint}
Valid until          ${until}

Next:
1. The person whom screen TU14 names as "Teknik Yetkili" mails ${cer} to MKK's membership desk.
2. Compare the fingerprint with MKK over another channel when they register it.
3. Name ${key} and ${pem} in the members file${isEncrypted ? ', and the passphrase file with them' : ''}.
4. Make the next one in good time: MKK knows one certificate per member code.`,
    tr: `${key}   özel anahtar: bu makineden hiç çıkmaz
${pem}   sertifika, üye dosyasındaki certificateFile için
${cer}   aynı sertifika, MKK için

SHA-256 parmak izi   ${fingerprint}
Son geçerlilik       ${until}

Sırada:
1. TU14 ekranında "Teknik Yetkili" olarak kayıtlı kişi ${cer} dosyasını e-postayla MKK'nın üyelik birimine gönderir.
2. MKK kaydederken parmak izini ikinci bir yoldan karşılaştırın.
3. Üye dosyasında ${key} ve ${pem} dosyalarının${isEncrypted ? ', onlarla birlikte parola dosyasının da' : ''} adını verin.
4. Sonrakini vaktinde üretin: MKK üye kodu başına tek sertifika tanır.`,
  });
}

/**
 * Writes the three files, none of them over an existing one, and says what to do with them.
 *
 * @throws UsageError; errors of the file system.
 */
export async function makeCertificate(shell: Shell, options: CertificateOptions): Promise<void> {
  const request = readRequest(shell, options);
  const place = (extension: keyof Files): string =>
    join(request.out, `${request.member}.${extension}`);
  const files: Files = { key: place('key'), pem: place('pem'), cer: place('cer') };
  const existing = Object.values(files)
    .filter((file) => existsSync(file))
    .join(', ');
  if (existing !== '') {
    throw new Error(
      say(shell, {
        en: `${existing}: exists already and is not overwritten`,
        tr: `${existing}: zaten var, üzerine yazılmaz`,
      }),
    );
  }
  mkdirSync(request.out, { recursive: true, mode: 0o700 });
  console.log(
    say(shell, {
      en: 'Making an RSA key of 4096 bits …',
      tr: '4096 bitlik RSA anahtarı üretiliyor …',
    }),
  );
  const { key, certificate } = await makeIdentity(request);
  const encryption =
    request.passphrase === undefined
      ? {}
      : { cipher: 'aes-256-cbc', passphrase: request.passphrase };
  const pem = key.export({ type: 'pkcs8', format: 'pem', ...encryption });
  writeFileSync(files.key, pem, { mode: 0o600, flag: 'wx' });
  writeFileSync(files.pem, `${certificate.toString('pem')}\n`, { flag: 'wx' });
  writeFileSync(files.cer, new Uint8Array(certificate.rawData), { flag: 'wx' });
  const digest = createHash('sha256').update(new Uint8Array(certificate.rawData)).digest('hex');
  console.log(
    nextSteps(shell, files, {
      fingerprint: digest.toUpperCase().replaceAll(/..(?!$)/g, '$&:'),
      until: certificate.notAfter.toISOString(),
      isEncrypted: request.passphrase !== undefined,
    }),
  );
}
