/** What the worker answers to the question that a table asks now. */
import { useEffect, useState } from 'preact/hooks';
import { problemFor } from '../../lib/api.ts';
import type { Problem } from '../../lib/documents.ts';
import type { RowReader } from '../../rows/client.ts';
import type { QuestionName, Questions } from '../../rows/messages.ts';

interface Answered<Answer> {
  /** Of an earlier question while `isBusy`; absent before the first. */
  answer?: Answer;
  isBusy: boolean;
  /** The worker has failed: it ran out of memory, or the browser ended it. */
  problem?: Problem;
}

export function useAnswer<Name extends QuestionName>(
  reader: RowReader,
  name: Name,
  asked: Questions[Name]['asked'],
): Answered<Questions[Name]['answer']> {
  const [last, setLast] = useState<{ question: string; answer: Questions[Name]['answer'] }>();
  const [problem, setProblem] = useState<Problem>();
  const question = JSON.stringify(asked);
  useEffect(() => {
    let isWanted = true;
    reader
      .ask(name, asked)
      .then((answer) => isWanted && setLast({ question, answer }))
      .catch((error: unknown) => isWanted && setProblem(problemFor(error)));
    return () => void (isWanted = false);
  }, [reader, name, question]);
  return {
    isBusy: last?.question !== question,
    ...(last && { answer: last.answer }),
    ...(problem && { problem }),
  };
}
