/** The words for what keeps a member from signing: for problems, operators and the log. */
import type { SigningFault } from './credentials.ts';
import type { Localised } from './localised.ts';

/** What is wrong; neither a path nor anything of a file's content. */
export const SIGNING_FAULTS: Readonly<Record<SigningFault, Localised>> = {
  'key-unusable': {
    en: 'its signing key cannot be used: it is missing, unreadable or no fit RSA key',
    tr: 'imza anahtarı kullanılamıyor: yok, okunamıyor veya uygun bir RSA anahtarı değil',
  },
  'certificate-unusable': {
    en: 'its certificate cannot be used: the file is missing, unreadable or no certificate',
    tr: 'sertifikası kullanılamıyor: dosya yok, okunamıyor veya sertifika değil',
  },
  'certificate-of-another-key': {
    en: 'its certificate does not belong to its signing key',
    tr: 'sertifikası imza anahtarına ait değil',
  },
  'certificate-expired': {
    en: 'its certificate has expired',
    tr: 'sertifikasının süresi dolmuş',
  },
  'certificate-early': {
    en: 'its certificate is not valid yet',
    tr: 'sertifikası henüz geçerli değil',
  },
  'hsm-unavailable': {
    en: 'the HSM that holds its signing key does not answer',
    tr: 'imza anahtarını tutan HSM yanıt vermiyor',
  },
  'hsm-pin-refused': {
    en: 'the HSM that holds its signing key does not take the PIN',
    tr: 'imza anahtarını tutan HSM PIN’i kabul etmiyor',
  },
};

/** Whether it passes without anybody who mends a file: then what is asked for is taken, and waits. */
export function passesByItself(fault: SigningFault): boolean {
  return fault === 'hsm-unavailable';
}

/** One sentence that names the member and why it is shut off. */
export function shutOffText(member: string, fault: SigningFault): Localised {
  const { en, tr } = SIGNING_FAULTS[fault];
  return { en: `${member} cannot sign: ${en}`, tr: `${member} imza atamıyor: ${tr}` };
}

/** What a caller may do about it. */
export const SHUT_OFF_HINT: Localised = {
  en:
    'The cause is the certificate or the signing key of this member. Its operator mends the ' +
    'files or the HSM; the gateway takes that over by itself and reports that wait go on.',
  tr:
    'Neden bu üyenin sertifikası veya imza anahtarıdır. İşletmeci dosyaları ya da HSM’yi düzeltir; ' +
    'geçit bunu kendiliğinden devreye alır, bekleyen raporlar sürer.',
};
