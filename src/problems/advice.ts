/** What a result code of MKS means for the person who meets it. */
import type { ResultCode } from '../mks/codes.ts';
import type { Language, Localised } from '../lib/localised.ts';

export interface CodeAdvice {
  hint: Localised;
  retryable: boolean;
}

/** A sentence that says what the code means and whom to ask. */
export function adviceFor(entry: ResultCode): CodeAdvice {
  return {
    hint: { en: hintIn(entry, 'en'), tr: hintIn(entry, 'tr') },
    retryable: entry.retryable,
  };
}

function hintIn(entry: ResultCode, language: Language): string {
  const meaning = entry.meaning[language].replace(/\.$/, '');
  if (entry.authorities.length === 0) return `${meaning}.`;
  const functions = entry.authorities
    .map((authority) => `${authority.function} (${authority.messageType})`)
    .join(', ');
  return language === 'en'
    ? `${meaning}. The member's chief user grants authorities in screen YT14: ${functions}.`
    : `${meaning}. Yetkileri üyenin baş kullanıcısı YT14 ekranından verir: ${functions}.`;
}
