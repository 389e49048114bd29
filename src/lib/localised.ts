/** Texts for people: each is born in both languages, and shown in the reader's. */

export type Language = 'en' | 'tr';

/** One text in both languages. */
export type Localised = Readonly<Record<Language, string>>;
