/** What is known of a problem, and what is written about it, in both languages in one place. */
import type { Localised } from '../lib/localised.ts';
import type { Mender } from '../mks/codes.ts';

/** What a person reads about a problem. */
export interface ProblemText {
  title: string;
  meaning: string;
  /** What to do about it. */
  remedy: string;
}

export interface Problem {
  /** Of HTTP. */
  status: number;
  /** Who can put it right; `told`: the document says, by what MKS answered. */
  mends: Mender | 'told';
  /** Whether the same request can succeed: never, later, once somebody has mended it, as a new report, or as told. */
  again: 'no' | 'later' | 'mended' | 'anew' | 'told';
  /** Whether MKS has got it: nothing left for MKS, it made the report, it refused, nobody knows, or as told. */
  sent: 'no' | 'yes' | 'refused' | 'unknown' | 'told';
  en: ProblemText;
  tr: ProblemText;
}

export function text(title: string, meaning: string, remedy: string): ProblemText {
  return { title, meaning, remedy };
}

export type ProblemFact = 'mends' | 'again' | 'sent';

/** The words for the three facts, for the pages that tell them. */
export const FACT_WORDS: { [Fact in ProblemFact]: Record<Problem[Fact], Localised> } = {
  mends: {
    nobody: { en: 'nobody has to', tr: 'düzeltme gerekmez' },
    caller: { en: 'the caller', tr: 'çağıran' },
    member: {
      en: 'the member: chief user or technical contact',
      tr: 'üye: ana yetkili ya da Teknik Yetkili',
    },
    gateway: { en: 'the operator of the gateway', tr: 'geçit yöneticisi' },
    mkk: { en: 'MKK', tr: 'MKK' },
    told: { en: '`hint` says', tr: '`hint` söyler' },
  },
  again: {
    no: { en: 'no: the same ends the same', tr: 'hayır: aynısı yine aynı biter' },
    later: { en: 'yes, later', tr: 'evet, sonra' },
    mended: { en: 'once it is mended', tr: 'düzeltilince' },
    anew: { en: 'yes, with `refresh`', tr: 'evet, `refresh` ile' },
    told: { en: '`retryable` says', tr: '`retryable` söyler' },
  },
  sent: {
    no: { en: 'no', tr: 'hayır' },
    yes: { en: 'yes: MKS made the report', tr: 'evet: MKS raporu hazırladı' },
    refused: { en: 'yes, and MKS refused it', tr: 'evet, MKS reddetti' },
    unknown: { en: 'nobody can tell', tr: 'bilinemiyor' },
    told: { en: '`outcome` says', tr: '`outcome` söyler' },
  },
};
