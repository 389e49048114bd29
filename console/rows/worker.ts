/** Beside the page: reads a report's rows, keeps them in columns, answers for fifty at a time. */
import type { Problem } from '../lib/documents.ts';
import type { Question, Questions, Said } from './messages.ts';
import { rowsOf } from './read.ts';
import { createRowStore } from './store.ts';

const PROGRESS_MS = 200;
const store = createRowStore();

/** As far as it is used; the compiler's list of names for workers excludes that for pages. */
const scope = globalThis as unknown as {
  postMessage(said: Said): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<Question>) => void): void;
};

class Refused extends Error {
  readonly problem: Problem | undefined;
  constructor(problem: Problem | undefined) {
    super('refused');
    this.problem = problem;
  }
}

scope.addEventListener('message', ({ data: { id, name, asked } }) => {
  answer(name, asked)
    .then((answered) => scope.postMessage({ kind: 'answer', id, answer: answered }))
    .catch((error: unknown) => {
      const problem = error instanceof Refused ? error.problem : undefined;
      scope.postMessage({ kind: 'failed', id, problem });
    });
});

async function answer(name: keyof Questions, asked: Question['asked']) {
  if (name === 'view') return store.view(asked as Questions['view']['asked']);
  if (name === 'totals') return store.totals(asked as Questions['totals']['asked']);
  return { rows: await open(asked as Questions['open']['asked']) };
}

/** @throws Refused; TypeError when the connection breaks; Error when rows are missing. */
async function open({ address, headers }: Questions['open']['asked']): Promise<number> {
  const response = await fetch(address, { headers, cache: 'no-store' });
  if (!response.ok || response.body === null) {
    throw new Refused((await response.json().catch(() => undefined)) as Problem | undefined);
  }
  let toldAt = 0;
  for await (const rows of rowsOf(textOf(response.body))) {
    store.add(rows);
    if (performance.now() - toldAt < PROGRESS_MS) continue;
    toldAt = performance.now();
    scope.postMessage({ kind: 'progress', rows: store.count() });
  }
  const announced = Number(response.headers.get('row-count'));
  if (store.count() !== announced) throw new Error(`${store.count()} rows of ${announced} came`);
  return announced;
}

/** Not every browser lets streams be walked through. */
async function* textOf(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}
