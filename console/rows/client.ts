/** The page's side of the worker: questions as promises. */
import { ApiError, addressOf, problemFor, requestHeaders } from '../lib/api.ts';
import type { Question, QuestionName, Questions, Said } from './messages.ts';

/** More would need gigabytes in the browser; the downloads have no such bound. */
export const MOST_ROWS = 3_000_000;

export interface RowReader {
  ask<Name extends QuestionName>(
    name: Name,
    asked: Questions[Name]['asked'],
  ): Promise<Questions[Name]['answer']>;
  close(): void;
}

/**
 * Reads the rows of a ready report in a worker.
 *
 * @param onProgress rows so far.
 * @returns the reader, once all rows are there.
 * @throws ApiError.
 */
export async function openRows(
  reportId: string,
  onProgress: (rows: number) => void,
  signal: AbortSignal,
): Promise<RowReader> {
  const worker = new Worker(new URL('worker.ts', import.meta.url), { type: 'module' });
  const reader = askThrough(worker, onProgress);
  signal.addEventListener('abort', reader.close, { once: true });
  const address = addressOf(`/balances/${encodeURIComponent(reportId)}/rows`);
  const headers = { ...requestHeaders(), accept: 'application/x-ndjson' };
  try {
    await reader.ask('open', { address, headers });
    return reader;
  } catch (error) {
    reader.close();
    throw error;
  }
}

function askThrough(worker: Worker, onProgress: (rows: number) => void): RowReader {
  const open = new Map<number, { resolve: (answer: never) => void; reject: (e: Error) => void }>();
  let lastId = 0;
  worker.addEventListener('message', ({ data }: MessageEvent<Said>) => {
    if (data.kind === 'progress') return onProgress(data.rows);
    const asker = open.get(data.id);
    open.delete(data.id);
    if (data.kind === 'answer') asker?.resolve(data.answer as never);
    else asker?.reject(new ApiError(data.problem ?? problemFor('rows')));
  });
  worker.addEventListener('error', () => {
    for (const { reject } of open.values()) reject(new ApiError(problemFor('worker')));
    open.clear();
  });
  return {
    ask: (name, asked) =>
      new Promise((resolve, reject) => {
        lastId += 1;
        open.set(lastId, { resolve, reject });
        worker.postMessage({ id: lastId, name, asked } satisfies Question<typeof name>);
      }),
    close: () => worker.terminate(),
  };
}
