/** What the trail tool says, in Turkish or English. */
import { languageOf, type Language } from '../language.ts';
import type { ProvedChain } from './walk.ts';
import type { Fault, FaultKind } from './survey.ts';

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
}

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
};

export function textsFor(environment: NodeJS.ProcessEnv): Texts {
  return { en, tr }[languageOf(environment)];
}
