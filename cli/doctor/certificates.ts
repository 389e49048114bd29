/** Certificates and passwords: MKK's rules for them, and how many days they have left. */
import { X509Certificate } from 'node:crypto';
import type { Configuration } from '../../src/config.ts';
import type { Member } from '../../src/lib/credentials.ts';
import { toIstanbulTimestamp } from '../../src/lib/dates.ts';
import type { Localised } from '../../src/lib/localised.ts';
import { failure, note, ok, warning, type Finding } from './finding.ts';

const DAY_MS = 86_400_000;
const PASSWORD_DAYS = 365;
/** Time to make a new one, to mail it and to have it registered. */
const CERTIFICATE_NOTICE_DAYS = 30;
const PASSWORD_NOTICE_DAYS = 14;
/** Two calendar years with a leap day in them. */
const MOST_VALID_DAYS = 731;
const LEAST_VALID_DAYS = 365;

/** Every certificate and password of the configuration; what has ended already is a mistake there. */
export function* examineCredentials(
  { config, credentials }: Configuration,
  nowMs: number,
): Generator<Finding> {
  if (config.tls !== undefined) {
    const certificate = new X509Certificate(config.tls.certificate);
    yield { check: 'serving-certificate', ...daysLeft(certificate, nowMs) };
  }
  for (const certificate of credentials.trustedCertificates) {
    yield { check: 'trusted-certificates', ...daysLeft(certificate, nowMs) };
  }
  for (const member of credentials.members.values()) {
    yield* examineMember(member, nowMs);
  }
}

function* examineMember(member: Member, nowMs: number): Generator<Finding> {
  const { memberCode, identity, next } = member;
  const isNextActive = next !== undefined && next.validFrom <= nowMs;
  const certificates = isNextActive
    ? [next.certificate]
    : [identity.certificate, next?.certificate];
  for (const certificate of certificates) {
    // What cannot be read has been told already.
    if (certificate === undefined) continue;
    const base = { check: 'certificate', member: memberCode } as const;
    const faults = ruleFaults(certificate);
    for (const text of faults) yield { ...base, status: 'failure', mends: 'operator', text };
    const succeeded = certificate === identity.certificate && next !== undefined;
    if (faults.length > 0) continue;
    yield { ...base, ...daysLeft(certificate, nowMs, succeeded) };
  }
  yield { check: 'password', member: memberCode, ...passwordDays(member, nowMs) };
}

/** MKK's rules for a self-signed certificate (MKS 3.1); one of an authority has its own. */
function ruleFaults(certificate: X509Certificate): Localised[] {
  if (!isSelfSigned(certificate)) return [];
  const faults: Localised[] = [];
  const say = (en: string, tr: string): void => void faults.push({ en, tr });
  const bits = certificate.publicKey.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits !== 4096) {
    say(
      `the key has ${bits} bits; MKK takes RSA 4096 (npm run certificate makes one)`,
      `anahtar ${bits} bit; MKK RSA 4096 ister (npm run certificate üretir)`,
    );
  }
  const algorithm = certificate.signatureAlgorithm ?? certificate.signatureAlgorithmOid;
  if (algorithm !== 'sha256WithRSAEncryption') {
    say(
      `it is signed with ${algorithm}; MKK takes sha256WithRSA`,
      `${algorithm} ile imzalanmış; MKK sha256WithRSA ister`,
    );
  }
  const { validFromDate, validToDate } = certificate;
  const days = (validToDate.getTime() - validFromDate.getTime()) / DAY_MS;
  // Some tools count the last second as part of the period.
  if (days < LEAST_VALID_DAYS - 0.01 || days > MOST_VALID_DAYS + 0.01) {
    say(
      `it is valid for ${Math.round(days)} days; MKK takes one to two years`,
      `geçerliliği ${Math.round(days)} gün; MKK bir ile iki yıl arası ister`,
    );
  }
  const subject: unknown = certificate.toLegacyObject().subject;
  const fields = typeof subject === 'object' && subject !== null ? subject : {};
  const missing = ['CN', 'C'].filter((name) => !(name in fields));
  if (missing.length > 0) {
    say(
      `its subject has no ${missing.join(' and no ')}; MKK asks for CN (the title) and C`,
      `konusunda ${missing.join(' ve ')} yok; MKK CN (unvan) ve C ister`,
    );
  }
  return faults;
}

function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.issuer === certificate.subject;
}

function daysLeft(certificate: X509Certificate, nowMs: number, succeeded = false) {
  const endMs = certificate.validToDate.getTime();
  const days = Math.floor((endMs - nowMs) / DAY_MS);
  const on = toIstanbulTimestamp(endMs).slice(0, 10);
  const name = nameOf(certificate);
  const en = `${name}: ${days} days left, until ${on}`;
  const tr = `${name}: ${days} gün kaldı, ${on} tarihine kadar`;
  if (days < 0) return failure('operator', `${name}: ended on ${on}`, `${name}: ${on} günü bitti`);
  if (days < CERTIFICATE_NOTICE_DAYS) {
    if (succeeded) return note(`${en}; the next one is ready`, `${tr}; sıradaki hazır`);
    return warning('operator', `${en}: exchange it in time`, `${tr}: vaktinde değiştirin`);
  }
  return ok(en, tr);
}

/** The common name with the kind of certificate; both can be read by anyone who gets it. */
function nameOf(certificate: X509Certificate): string {
  const [, commonName] = /^CN=(.*)$/m.exec(certificate.subject) ?? [];
  const bits = certificate.publicKey.asymmetricKeyDetails?.modulusLength;
  const kind = bits === undefined ? '' : ` (RSA ${bits})`;
  return `${commonName ?? certificate.subject.replaceAll('\n', ', ')}${kind}`;
}

function passwordDays({ passwordChangedOn }: Member, nowMs: number) {
  if (passwordChangedOn === undefined) {
    return note(
      'by the rules; put passwordChangedOn into the members file and its end is watched too',
      'kurallara uygun; üye dosyasına passwordChangedOn yazarsanız bitişi de izlenir',
    );
  }
  const endMs = Date.parse(`${passwordChangedOn}T00:00:00+03:00`) + PASSWORD_DAYS * DAY_MS;
  const days = Math.floor((endMs - nowMs) / DAY_MS);
  const on = toIstanbulTimestamp(endMs).slice(0, 10);
  if (days < 0) {
    return failure(
      'member',
      `by the file's passwordChangedOn it ended on ${on}: set a new one in screen YT25`,
      `dosyadaki passwordChangedOn alanına göre ${on} günü bitti: YT25 ekranından yenileyin`,
    );
  }
  const en = `by the rules; ${days} of ${PASSWORD_DAYS} days left, until ${on}`;
  const tr = `kurallara uygun; ${PASSWORD_DAYS} günün ${days} günü kaldı, ${on} tarihine kadar`;
  if (days < PASSWORD_NOTICE_DAYS) {
    return warning('member', `${en}: set a new one in YT25`, `${tr}: YT25 ekranından yenileyin`);
  }
  return ok(en, tr);
}
