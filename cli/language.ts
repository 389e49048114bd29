/** In which language a program on this terminal speaks. */
import type { Language, Localised } from '../src/lib/localised.ts';

export type { Language, Localised };

/** Turkish where the locale is Turkish (POSIX: LC_ALL, LC_MESSAGES, LANG, the first that is set). */
export function languageOf({ LC_ALL, LC_MESSAGES, LANG }: NodeJS.ProcessEnv): Language {
  const locale = [LC_ALL, LC_MESSAGES, LANG].find((value) => value);
  return locale !== undefined && /^tr(?:[_.@-]|$)/i.test(locale) ? 'tr' : 'en';
}
