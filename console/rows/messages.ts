/** What page and worker say to each other. */
import type { Problem } from '../lib/documents.ts';
import type { View, ViewQuery } from './store.ts';
import type { Totals, TotalsQuery } from './totals.ts';

export interface Questions {
  /** Reads the rows from here; the answer comes when all are there. */
  open: { asked: { address: string; headers: Record<string, string> }; answer: { rows: number } };
  view: { asked: ViewQuery; answer: View };
  totals: { asked: TotalsQuery; answer: Totals };
}

export type QuestionName = keyof Questions;

export interface Question<Name extends QuestionName = QuestionName> {
  id: number;
  name: Name;
  asked: Questions[Name]['asked'];
}

export type Said =
  | { kind: 'answer'; id: number; answer: Questions[QuestionName]['answer'] }
  | { kind: 'failed'; id: number; problem: Problem | undefined }
  /** While it reads: how many rows so far. */
  | { kind: 'progress'; rows: number };
