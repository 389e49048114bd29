/** Turkish or English: every text is born in both, and shown in the one that the reader has chosen. */
import { effect, signal } from '@preact/signals';
import type { Language, Localised } from './localised.ts';

export type { Localised } from './localised.ts';

const STORED = 'mks-language';

export const language = signal<Language>(first());

effect(() => {
  document.documentElement.lang = language.value;
  localStorage.setItem(STORED, language.value);
});

/** The text in the reader's language; whoever shows it is drawn anew when that changes. */
export function t(text: Localised): string {
  return text[language.value];
}

function first(): Language {
  const stored = localStorage.getItem(STORED) ?? navigator.language.slice(0, 2);
  return stored === 'tr' ? 'tr' : 'en';
}
