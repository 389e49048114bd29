/** What the trail tool says, in Turkish or English. */
import { languageOf, type Language } from '../language.ts';
import type { ProvedChain } from './walk.ts';
import type { StampProof } from './stamps.ts';
import type { Fault, FaultKind, Place } from './survey.ts';

type Lag = Place & { afterMs: number };

export interface Texts {
  language: Language;
  needed: (what: string) => string;
  noTime: (option: string) => string;
  nothing: string;
  proved: (entries: number, chains: number, files: number) => string;
  notProved: string;
  fault: (fault: Fault) => string;
  more: (count: number) => string;
  signedBy: (subject: string, fingerprint: string, isTrusted: boolean) => string;
  unsigned: string;
  /** How much of a chain's end could be cut unseen. */
  open: (chain: ProvedChain) => string;
  begins: (chain: ProvedChain) => string;
  torn: (chain: ProvedChain) => string;
  elsewhere: (chains: readonly string[]) => string;
  stamped: (stamps: StampProof) => string;
  stampedBy: (subject: string, fingerprint: string, isTrusted: boolean) => string;
  /** The stamp that came latest after its checkpoint. */
  latestStamp: (lag: Lag) => string;
  /** A stamp says an earlier time than its checkpoint. */
  clockAhead: (lag: Lag) => string;
  stampsAlone: (count: number) => string;
}

/** A span of time in its largest unit. */
function span(ms: number, days: string, hours: string, minutes: string): string {
  const seconds = Math.round(Math.abs(ms) / 1000);
  if (seconds >= 172_800) return `${Math.round(seconds / 86_400)} ${days}`;
  if (seconds >= 7_200) return `${Math.round(seconds / 3_600)} ${hours}`;
  return seconds >= 120 ? `${Math.round(seconds / 60)} ${minutes}` : `${seconds} s`;
}
const spanEn = (ms: number): string => span(ms, 'days', 'h', 'min');
const spanTr = (ms: number): string => span(ms, 'gün', 'saat', 'dk');

function numbers({ number = 0, until = number }: Fault): string {
  return number === until ? String(number) : `${number}–${until}`;
}

const faultsEn: Record<FaultKind, (fault: Fault) => string> = {
  'not-a-segment': () => 'this is not a file of the trail, or its first line is gone',
  'not-a-line': (fault) => `line ${numbers(fault)} is not in the form of the trail: it was changed`,
  changed: (fault) => `line ${numbers(fault)} was changed: the next one was written after another`,
  removed: (fault) => `line ${numbers(fault)} was removed`,
  exchanged: (fault) =>
    `line ${numbers(fault)} is not in its place: lines were exchanged or put in`,
  cut: (fault) => `the end was cut: line ${numbers(fault)} is missing`,
  'chain-missing': ({ chain }) => `this line names the chain ${chain}, which is missing as a whole`,
  'not-as-witnessed': (fault) =>
    `line ${numbers(fault)} is not the one that a checkpoint or a later chain has seen there`,
  torn: () => 'the torn end is not as the next chain has seen it',
  'checkpoint-bad': () => 'the signature of this checkpoint does not hold',
  'checkpoint-foreign': ({ chain }) =>
    chain === undefined
      ? 'this checkpoint is foreign: signed with none of the given certificates'
      : `this checkpoint is foreign: it was made for the chain ${chain}`,
  'stamp-unfit': () => 'this time stamp does not fit its checkpoint: it is one of other bytes',
  'stamp-bad': () => 'this time stamp does not hold: it is none, or its signature is not right',
  'stamp-foreign': () => 'this time stamp is foreign: nobody in --timestamp-ca vouches for it',
  'stamp-alone': () => 'the checkpoint that this time stamp was made for is missing',
};

const en: Texts = {
  language: 'en',
  needed: (what) => `${what} is required`,
  noTime: (option) => `${option} must be an RFC 3339 time with its offset, or YYYYMMDD`,
  nothing: 'there are no trail files',
  proved: (entries, chains, files) =>
    `PROVED: ${entries} entries, chains: ${chains}, files: ${files}. Nothing was changed, removed or exchanged.`,
  notProved: 'NOT PROVED:',
  fault: (fault) => faultsEn[fault.kind](fault),
  more: (count) => `… and ${count} more`,
  signedBy: (subject, fingerprint, isTrusted) =>
    `Checkpoints signed by ${subject}, SHA-256 ${fingerprint}` +
    (isTrusted ? ' (given by you).' : '. Compare it, or give --certificates.'),
  unsigned:
    'No checkpoint is among them: whoever holds the machine could have written all of it anew.',
  open: ({ chain, witnessed, last }) =>
    `Chain ${chain}: no checkpoint or later chain tells of line ${witnessed + 1}–${last}; had its end been cut there, or after ${last}, it would not show.`,
  begins: ({ chain, first }) =>
    `Chain ${chain} is proved from line ${first} on; what came before is not among the files.`,
  torn: ({ chain }) => `Chain ${chain} ends in a torn line: the process was killed, or writes now.`,
  elsewhere: (chains) => `Named, but not among the files: ${chains.join(', ')}.`,
  stamped: ({ stamped, checkpoints }) =>
    `Time stamps: ${stamped} of ${checkpoints} checkpoints have one.`,
  stampedBy: (subject, fingerprint, isTrusted) =>
    `Stamped by ${subject}, SHA-256 ${fingerprint}` +
    (isTrusted ? ' (vouched for by --timestamp-ca).' : '. Compare it, or give --timestamp-ca.'),
  latestStamp: ({ file, at, afterMs }) =>
    `The longest that a checkpoint waited for its stamp: ${spanEn(Math.max(0, afterMs))} (${file}:${at}).`,
  clockAhead: ({ file, at, afterMs }) =>
    `The machine's clock was ahead of the authority's by ${spanEn(afterMs)} (${file}:${at}).`,
  stampsAlone: (count) => `Time stamps whose checkpoint is not among the files: ${count}.`,
};

const faultsTr: Record<FaultKind, (fault: Fault) => string> = {
  'not-a-segment': () => 'bu bir iz dosyası değil ya da ilk satırı yok',
  'not-a-line': (fault) => `${numbers(fault)} numaralı satır izin biçiminde değil: değiştirilmiş`,
  changed: (fault) =>
    `${numbers(fault)} numaralı satır değiştirilmiş: sonraki satır başka birinin ardından yazılmış`,
  removed: (fault) => `${numbers(fault)} numaralı satır çıkarılmış`,
  exchanged: (fault) =>
    `${numbers(fault)} numaralı satır yerinde değil: satırların yeri değiştirilmiş ya da araya satır konmuş`,
  cut: (fault) => `sonu kesilmiş: ${numbers(fault)} numaralı satır eksik`,
  'chain-missing': ({ chain }) => `bu satır ${chain} zincirini anıyor, zincirin tamamı eksik`,
  'not-as-witnessed': (fault) =>
    `${numbers(fault)} numaralı satır, bir denetim noktasının ya da sonraki zincirin orada gördüğü satır değil`,
  torn: () => 'yarım kalan satır, sonraki zincirin gördüğü gibi değil',
  'checkpoint-bad': () => 'bu denetim noktasının imzası tutmuyor',
  'checkpoint-foreign': ({ chain }) =>
    chain === undefined
      ? 'bu denetim noktası yabancı: verilen sertifikaların hiçbiriyle imzalanmamış'
      : `bu denetim noktası yabancı: ${chain} zinciri için yapılmış`,
  'stamp-unfit': () => 'bu zaman damgası denetim noktasına uymuyor: başka verinin damgası',
  'stamp-bad': () => 'bu zaman damgası geçersiz: damga değil ya da imzası doğru değil',
  'stamp-foreign': () =>
    'bu zaman damgası yabancı: --timestamp-ca içindekilerden hiçbiri kefil değil',
  'stamp-alone': () => 'bu zaman damgasının yapıldığı denetim noktası eksik',
};

const tr: Texts = {
  language: 'tr',
  needed: (what) => `${what} gerekli`,
  noTime: (option) => `${option} saat farkıyla birlikte RFC 3339 zamanı ya da YYYYAAGG olmalı`,
  nothing: 'iz dosyası yok',
  proved: (entries, chains, files) =>
    `KANITLANDI: ${entries} kayıt, zincir: ${chains}, dosya: ${files}. Hiçbir şey değiştirilmemiş, çıkarılmamış, yer değiştirmemiş.`,
  notProved: 'KANITLANAMADI:',
  fault: (fault) => faultsTr[fault.kind](fault),
  more: (count) => `… ve ${count} tane daha`,
  signedBy: (subject, fingerprint, isTrusted) =>
    `Denetim noktalarını imzalayan: ${subject}, SHA-256 ${fingerprint}` +
    (isTrusted ? ' (sizin verdiğiniz).' : '. Karşılaştırın ya da --certificates verin.'),
  unsigned:
    'Aralarında denetim noktası yok: makineyi elinde tutan, tümünü yeniden yazmış olabilir.',
  open: ({ chain, witnessed, last }) =>
    `${chain} zinciri: ${witnessed + 1}–${last} satırlarını anan bir denetim noktası ya da sonraki zincir yok; sonu orada ya da ${last} ardından kesilmiş olsa görünmezdi.`,
  begins: ({ chain, first }) =>
    `${chain} zinciri ${first} numaralı satırdan başlayarak kanıtlandı; öncesi dosyalar arasında değil.`,
  torn: ({ chain }) =>
    `${chain} zinciri yarım bir satırla bitiyor: süreç öldürülmüş ya da şu anda yazıyor.`,
  elsewhere: (chains) => `Anılan ama dosyalar arasında olmayan: ${chains.join(', ')}.`,
  stamped: ({ stamped, checkpoints }) =>
    `Zaman damgaları: ${checkpoints} denetim noktasından ${stamped} tanesinin damgası var.`,
  stampedBy: (subject, fingerprint, isTrusted) =>
    `Damgalayan: ${subject}, SHA-256 ${fingerprint}` +
    (isTrusted ? ' (--timestamp-ca kefil).' : '. Karşılaştırın ya da --timestamp-ca verin.'),
  latestStamp: ({ file, at, afterMs }) =>
    `Bir denetim noktasının damgasını en uzun bekleyişi: ${spanTr(Math.max(0, afterMs))} (${file}:${at}).`,
  clockAhead: ({ file, at, afterMs }) =>
    `Makinenin saati makamınkinden ${spanTr(afterMs)} ilerideymiş (${file}:${at}).`,
  stampsAlone: (count) => `Denetim noktası dosyalar arasında olmayan zaman damgası: ${count}.`,
};

export function textsFor(environment: NodeJS.ProcessEnv): Texts {
  return { en, tr }[languageOf(environment)];
}
