/** A text for people, born in both languages. */
export interface Localised {
  en: string;
  tr: string;
}

export type Language = keyof Localised;
