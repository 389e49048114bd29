/** What the trail tool says, in Turkish or English. */
import type { Language } from '../../src/lib/localised.ts';
import type { ProvedChain } from './walk.ts';
import type { Fault, FaultKind } from './survey.ts';

export interface Texts {
  language: Language;
  usage: string;
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
  usage: `Usage: npm run trail -- verify FILE… | FOLDER [--certificates FILE] [--checkpoints FILE]
       npm run trail -- export [FOLDER] [--from TIME] [--to TIME]
  verify          proves trail files offline. Of a folder everything has to be there; of single
                  files what comes before and after them is not asked for
  --certificates  PEM: believe checkpoints signed with these alone
  --checkpoints   checkpoints kept elsewhere, one compact JWS a line
  export          writes CSV to standard output; FOLDER is DATA_DIR/trail unless given
  --from, --to    RFC 3339, or YYYYMMDD in Istanbul; both included`,
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
  usage: `Kullanım: npm run trail -- verify DOSYA… | KLASÖR [--certificates DOSYA] [--checkpoints DOSYA]
          npm run trail -- export [KLASÖR] [--from ZAMAN] [--to ZAMAN]
  verify          iz dosyalarını çevrimdışı kanıtlar. Klasör verilirse her şey orada olmalı; tek tek
                  dosyalarda öncesi ve sonrası aranmaz
  --certificates  PEM: yalnızca bunlarla imzalanan denetim noktalarına inanılır
  --checkpoints   başka yerde saklanan denetim noktaları, satır başına bir kompakt JWS
  export          standart çıktıya CSV yazar; KLASÖR verilmezse DATA_DIR/trail
  --from, --to    RFC 3339 ya da İstanbul günü YYYYAAGG; ikisi de dahil`,
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

/** Turkish where the locale is Turkish (POSIX: LC_ALL, LC_MESSAGES, LANG, the first that is set). */
export function textsFor({ LC_ALL, LC_MESSAGES, LANG }: NodeJS.ProcessEnv): Texts {
  const locale = [LC_ALL, LC_MESSAGES, LANG].find((value) => value);
  return locale !== undefined && /^tr(?:[_.@-]|$)/i.test(locale) ? tr : en;
}
