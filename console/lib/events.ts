/**
 * Server-sent events through fetch: EventSource could not send the key in a header, and a key in an
 * address stands in every log on the way (WHATWG HTML §9.2.6 for the form of the stream).
 */
import { ApiError, call } from './api.ts';
import { noteSilence } from './connection.ts';

/** The gateway says something every 15 seconds: longer silence is a connection that is dead. */
const SILENCE_MS = 40_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;

/**
 * The data of each event up to the last one. A connection that ends before it, whether it breaks or is
 * closed in good order by a gateway that is restarted, is made anew.
 *
 * @param isLast whether nothing follows these data.
 * @throws ApiError when the gateway refuses, such as a report that is not there.
 */
export async function* events(
  path: string,
  isLast: (data: string) => boolean,
  signal: AbortSignal,
): AsyncGenerator<string> {
  let pauseMs = FIRST_PAUSE_MS;
  while (!signal.aborted) {
    try {
      for await (const data of connectionOf(path, signal)) {
        pauseMs = FIRST_PAUSE_MS;
        yield data;
        if (isLast(data)) return;
      }
    } catch (error) {
      if (signal.aborted) return;
      const status = error instanceof ApiError ? error.problem.status : 0;
      if (status !== 0 && status < 500) throw error;
    }
    noteSilence();
    await pause(pauseMs, signal);
    pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
  }
}

async function* connectionOf(path: string, signal: AbortSignal): AsyncGenerator<string> {
  const silence = new AbortController();
  const response = await call(path, {
    headers: { accept: 'text/event-stream' },
    signal: AbortSignal.any([signal, silence.signal]),
  });
  if (response.body === null) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const timer = setTimeout(() => silence.abort(new Error('silence')), SILENCE_MS);
    const { done, value } = await reader.read().finally(() => clearTimeout(timer));
    if (done) return;
    const blocks = (rest + value).split('\n\n');
    rest = blocks.pop() ?? '';
    yield* blocks.flatMap(dataOf);
  }
}

/** The data of a block; comments and the time to reconnect have none. */
function dataOf(block: string): string[] {
  const lines = block.split('\n').filter((line) => line.startsWith('data:'));
  return lines.length === 0 ? [] : [lines.map((line) => line.slice(5).trimStart()).join('\n')];
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}
