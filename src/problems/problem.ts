/** What is written about a problem, in both languages in one place. */

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
  en: ProblemText;
  tr: ProblemText;
}

export function text(title: string, meaning: string, remedy: string): ProblemText {
  return { title, meaning, remedy };
}
