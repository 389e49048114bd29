/** Which problems there are; the key is the last part of a problem's `type` URI. */
import { clientProblems } from './client-problems.ts';
import type { Problem } from './problem.ts';
import { serverProblems } from './server-problems.ts';

const catalogue = { ...clientProblems, ...serverProblems };

export type ProblemSlug = keyof typeof catalogue;

/** Every problem, by its status. */
export const PROBLEMS: Readonly<Record<ProblemSlug, Problem>> = catalogue;
