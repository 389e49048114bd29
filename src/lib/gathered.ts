/** One question for all who ask at the same time. */
import { setImmediate as turn } from 'node:timers/promises';

interface Asker<Question, Answer> {
  question: Question;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
}

/** A crowd is read in one to three; who comes on and on holds nobody up for longer. */
const MOST_TURNS = 4;

/**
 * Resolves at the event loop's next turn, or at a later one while each brings more: callers who ask at once are
 * not all read in one turn, and what is done for them together costs hardly more than for one.
 *
 * @param count how many there are by now.
 */
export async function afterCrowd(count: () => number): Promise<void> {
  for (let turns = 0; turns < MOST_TURNS; turns += 1) {
    const before = count();
    await turn();
    if (count() === before) return;
  }
}

/**
 * Gathers what a crowd asks (`afterCrowd`), and asks it together. Nobody is given what was found before he
 * asked: each answer is as fresh as if he had asked by himself.
 *
 * @param askAll gives an answer to each question, in their order; its failure is that of all of them.
 */
export function gathered<Question, Answer>(
  askAll: (questions: readonly Question[]) => Promise<readonly Answer[]>,
): (question: Question) => Promise<Answer> {
  let waiting: Asker<Question, Answer>[] = [];

  async function askTogether(): Promise<void> {
    await afterCrowd(() => waiting.length);
    const askers = waiting;
    waiting = [];
    try {
      const answers = await askAll(askers.map(({ question }) => question));
      for (const [index, { resolve }] of askers.entries()) resolve(answers[index] as Answer);
    } catch (error) {
      for (const { reject } of askers) reject(error);
    }
  }

  return (question) => {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    if (waiting.push({ question, resolve, reject }) === 1) void askTogether();
    return promise;
  };
}

/**
 * The same, where equal questions have one answer: each is asked once.
 *
 * @param nameOf tells which are equal.
 * @param askAll is given no two that are.
 */
export function gatheredOnce<Question, Answer>(
  nameOf: (question: Question) => string,
  askAll: (questions: readonly Question[]) => Promise<readonly Answer[]>,
): (question: Question) => Promise<Answer> {
  return gathered(async (questions) => {
    const names = questions.map(nameOf);
    const distinct = new Map(questions.map((question, index) => [names[index], question]));
    const places = new Map([...distinct.keys()].map((name, index) => [name, index]));
    const answers = await askAll([...distinct.values()]);
    return names.map((name) => answers[places.get(name) ?? -1] as Answer);
  });
}
