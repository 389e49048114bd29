/** The forms that texts must have, in words: a regular expression tells a caller nothing. */
import type { Localised } from '../lib/localised.ts';

/** A day as MKS writes it, whether its form is wrong or the calendar has none (MKS 5.1.2). */
export const DAY_IN_WORDS: Localised = {
  en: 'must be YYYYMMDD, a day that exists',
  tr: 'YYYYAAGG, var olan bir gün olmalı',
};

const capitals = (en: string, tr: string): Localised => ({
  en: `must be ${en} of A-Z and 0-9`,
  tr: `A-Z ve 0-9 arasından ${tr} olmalı`,
});

/** By the pattern of the schema; a test holds that each pattern of the document has its words. */
const WORDS: Readonly<Record<string, Localised>> = {
  '^(?:19[0-9]{2}|2[0-9]{3})(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])$': DAY_IN_WORDS,
  '^[A-Z0-9]{3,8}$': capitals('3 to 8 characters', '3-8 karakter'),
  '^[A-Z0-9]{12}$': capitals('12 characters', '12 karakter'),
  '^[A-Z0-9]{1,9}$': capitals('1 to 9 characters', '1-9 karakter'),
  '^[A-Z0-9]{1,15}$': capitals('1 to 15 characters', '1-15 karakter'),
  '^[A-Z]{4}$': { en: 'must be 4 letters of A-Z', tr: 'A-Z arasından 4 harf olmalı' },
  '^[!-~]{1,255}$': {
    en: 'must be 1 to 255 visible ASCII characters without spaces',
    tr: 'boşluksuz, görünür 1-255 ASCII karakteri olmalı',
  },
  '^[A-Za-z0-9._:-]{1,128}$': {
    en: 'must be 1 to 128 letters, digits, dots, dashes, underscores and colons',
    tr: '1-128 harf, rakam, nokta, tire, alt çizgi ve iki nokta olmalı',
  },
  '^[A-Za-z0-9._-]{1,64}$': {
    en: 'must be 1 to 64 letters, digits, dots, dashes and underscores',
    tr: '1-64 harf, rakam, nokta, tire ve alt çizgi olmalı',
  },
  '^[0-9]{1,30}(?:\\.[0-9]{1,30})?$': {
    en: 'must be a decimal number such as 0.01, without a sign',
    tr: '0.01 gibi işaretsiz bir ondalık sayı olmalı',
  },
  '^(?=.*[A-Z])(?=.*\\d).+$': {
    en: 'must have a capital letter of A-Z and a digit',
    tr: 'A-Z arasından bir büyük harf ve bir rakam içermeli',
  },
};

/** What a text must be that does not match the pattern. */
export function formInWords(pattern: string): Localised {
  return WORDS[pattern] ?? { en: 'has not the form that it needs', tr: 'gereken biçimde değil' };
}
