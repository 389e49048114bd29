/** What a result code of MKS means for the person who meets it. */
import type { Authority, ResultCode } from '../mks/codes.ts';
import type { Language, Localised } from '../lib/localised.ts';

export interface CodeAdvice {
  hint: Localised;
  retryable: boolean;
}

/**
 * A sentence that says what the code means and whom to ask.
 * @param ofService the authorities of the service that was called, where that is known: the others
 *   have nothing to do with it.
 */
export function adviceFor(entry: ResultCode, ofService?: readonly Authority[]): CodeAdvice {
  const authorities = entry.authorities.filter(
    (authority) => ofService === undefined || ofService.includes(authority),
  );
  return {
    hint: { en: hintIn(entry, authorities, 'en'), tr: hintIn(entry, authorities, 'tr') },
    retryable: entry.retryable,
  };
}

function hintIn(entry: ResultCode, authorities: readonly Authority[], language: Language): string {
  const meaning = entry.meaning[language].replace(/\.$/, '');
  if (authorities.length === 0) return `${meaning}.`;
  const functions = authorities
    .map((authority) => `${authority.function} (${authority.messageType})`)
    .join(', ');
  return language === 'en'
    ? `${meaning}. The member's chief user grants authorities in screen YT14: ${functions}.`
    : `${meaning}. Yetkileri üyenin ana yetkilisi YT14 ekranından verir: ${functions}.`;
}
