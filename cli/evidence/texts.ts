/** What the evidence tool says, in Turkish or English. */
import { languageOf, type Language } from '../language.ts';
import type { Fault } from './document.ts';

export interface Texts {
  /** For Accept-Language. */
  language: Language;
  proved: string;
  /** Of a check. */
  checkProved: string;
  notProved: string;
  faults: Record<Fault, string>;
  labels: Record<
    | 'member'
    | 'service'
    | 'reference'
    | 'messageId'
    | 'code'
    | 'time'
    | 'request'
    | 'signature'
    | 'certificate'
    | 'validity'
    | 'check'
    | 'processDate'
    | 'ledger'
    | 'ledgerDigest'
    | 'rowsDigest'
    | 'refId'
    | 'counts',
    string
  >;
  /** What stays for the reader to check. */
  advice: string;
  checkAdvice: string;
  written: (file: string) => string;
  noExchange: (reference: string) => string;
  noAnswer: (outcome: string) => string;
  noAnswerKept: string;
  needed: (what: string) => string;
  noCertificates: (file: string, reason: string) => string;
  cannotRead: (file: string, reason: string) => string;
  cannotWrite: (file: string, reason: string) => string;
  unreachable: (url: string, reason: string) => string;
  refused: (status: number, text: string) => string;
}

const en: Texts = {
  language: 'en',
  proved: 'PROVED: MKK signed this answer to this reference.',
  checkProved: 'PROVED: MKK gave the refId, and these are the breaks and counts of the check.',
  notProved: 'NOT PROVED: ',
  faults: {
    'not-evidence': 'this is not an evidence file, or it is damaged',
    altered: 'the file is not as it was written: its checksum does not hold',
    'no-jws': 'the answer is not a compact JWS, or asks for an extension',
    algorithm: 'the answer is not signed by RSA with SHA-256 or above',
    signature: 'the signature over the answer is not one of the certificates',
    'not-json': 'the signed answer is not a JSON object',
    reference: 'the signed answer bears another senderReference',
    details: 'the signed answer bears another messageId or code than the file tells',
    certificates: 'the certificate that signed is none of those given',
    refId: 'the signed answer bears another refId than the file tells',
    breaks: 'the breaks are not those of the check: their digest does not hold',
    counts: 'the counts are not those of the breaks',
    ledger: 'the ledger that was checked is another than the file given',
    rows: 'the rows that it was checked against are others than those given',
  },
  labels: {
    member: 'Member',
    service: 'Service',
    reference: 'senderReference',
    messageId: 'messageId',
    code: 'Code',
    time: 'Time',
    request: 'Request SHA-256',
    signature: 'Signature',
    certificate: 'Certificate SHA-256',
    validity: 'Certificate valid',
    check: 'Check',
    processDate: 'Process date',
    ledger: 'Ledger',
    ledgerDigest: 'Ledger SHA-256',
    rowsDigest: 'Rows SHA-256',
    refId: 'refId',
    counts: 'Counts',
  },
  advice:
    "Compare the certificate's fingerprint with the one that MKK gave you. Time and digest of the\n" +
    "request are the gateway's record; MKK's signature covers the answer.",
  checkAdvice:
    "Compare the certificate's fingerprint with the one that MKK gave you. MKK's signature covers the\n" +
    'refId; date, digests and breaks are the record of the gateway. Who still has the ledger or the\n' +
    'rows can hold them against it: --ledger FILE, --rows FILE.',
  written: (file) => `Written: ${file}`,
  noExchange: (reference) => `The journal holds no exchange with the reference ${reference}.`,
  noAnswer: (outcome) => `The journal holds no signed answer to it (outcome: ${outcome}).`,
  noAnswerKept:
    'The check was kept without an answer signed by MKK: the journal had none any more.',
  needed: (what) => `${what} is needed`,
  noCertificates: (file, reason) => `${file}: no certificates could be read (${reason})`,
  cannotRead: (file, reason) => `${file} cannot be read (${reason})`,
  cannotWrite: (file, reason) => `${file} cannot be written (${reason})`,
  unreachable: (url, reason) => `The gateway at ${url} cannot be reached (${reason}).`,
  refused: (status, text) => `The gateway answered ${status}: ${text}`,
};

const tr: Texts = {
  language: 'tr',
  proved: 'KANITLANDI: Bu referansa verilen bu yanıtı MKK imzalamış.',
  checkProved: "KANITLANDI: refId'yi MKK vermiş; uyuşmazlıklar ve sayılar bu kontrole ait.",
  notProved: 'KANITLANAMADI: ',
  faults: {
    'not-evidence': 'dosya bir kanıt dosyası değil ya da bozuk',
    altered: 'dosya yazıldığı gibi değil: özeti tutmuyor',
    'no-jws': 'yanıt kısa biçimli bir JWS değil ya da bir uzantı istiyor',
    algorithm: 'yanıt, en az SHA-256 ile RSA kullanılarak imzalanmamış',
    signature: 'yanıtın imzası sertifikalardan hiçbirine ait değil',
    'not-json': 'imzalı yanıt bir JSON nesnesi değil',
    reference: 'imzalı yanıtta başka bir senderReference var',
    details: 'imzalı yanıttaki messageId ya da kod dosyada yazandan farklı',
    certificates: 'imzalayan sertifika verilenlerden biri değil',
    refId: 'imzalı yanıttaki refId dosyada yazandan farklı',
    breaks: 'uyuşmazlıklar kontroldekiler değil: özetleri tutmuyor',
    counts: 'sayılar uyuşmazlıkların sayıları değil',
    ledger: 'kontrol edilen defter verilen dosyadan farklı',
    rows: 'karşılaştırılan satırlar verilenlerden farklı',
  },
  labels: {
    member: 'Üye',
    service: 'Servis',
    reference: 'senderReference',
    messageId: 'messageId',
    code: 'Kod',
    time: 'Zaman',
    request: 'İstek SHA-256',
    signature: 'İmza',
    certificate: 'Sertifika SHA-256',
    validity: 'Sertifika geçerliliği',
    check: 'Kontrol',
    processDate: 'İşlem tarihi',
    ledger: 'Defter',
    ledgerDigest: 'Defter SHA-256',
    rowsDigest: 'Satırlar SHA-256',
    refId: 'refId',
    counts: 'Sayılar',
  },
  advice:
    "Sertifikanın parmak izini MKK'nın size bildirdiğiyle karşılaştırın. Zaman ve istek özeti\n" +
    "geçidin kaydıdır; MKK'nın imzası yanıtı kapsar.",
  checkAdvice:
    "Sertifikanın parmak izini MKK'nın size bildirdiğiyle karşılaştırın. MKK'nın imzası refId'yi kapsar;\n" +
    'tarih, özetler ve uyuşmazlıklar geçidin kaydıdır. Defter ya da satırlar hâlâ elinizdeyse\n' +
    'karşılaştırabilirsiniz: --ledger DOSYA, --rows DOSYA.',
  written: (file) => `Yazıldı: ${file}`,
  noExchange: (reference) => `Günlükte ${reference} referanslı bir yazışma yok.`,
  noAnswer: (outcome) => `Günlükte buna verilmiş imzalı bir yanıt yok (sonuç: ${outcome}).`,
  noAnswerKept: 'Kontrol, MKK imzalı yanıt olmadan saklanmış: günlükte artık yoktu.',
  needed: (what) => `${what} gerekli`,
  noCertificates: (file, reason) => `${file}: sertifika okunamadı (${reason})`,
  cannotRead: (file, reason) => `${file} okunamıyor (${reason})`,
  cannotWrite: (file, reason) => `${file} yazılamıyor (${reason})`,
  unreachable: (url, reason) => `${url} adresindeki geçide ulaşılamıyor (${reason}).`,
  refused: (status, text) => `Geçit ${status} yanıtını verdi: ${text}`,
};

export function textsFor(environment: NodeJS.ProcessEnv): Texts {
  return { en, tr }[languageOf(environment)];
}
