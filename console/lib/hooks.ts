/** What is read from the gateway while a view is shown, and is read again. */
import { useEffect, useState } from 'preact/hooks';
import { getJson, problemFor } from './api.ts';
import type { Problem } from './documents.ts';
import { language } from './language.ts';

export interface Read<Document> {
  document?: Document;
  /** Of the last try; the document, if any, is of an earlier one. */
  problem?: Problem;
  /** Reads again at once. */
  again: () => void;
}

/**
 * The document of a path, read when the view appears and each `everyMs` while it can be seen.
 *
 * @param path undefined: nothing is read.
 */
export function useDocument<Document>(path: string | undefined, everyMs?: number): Read<Document> {
  const [state, setState] = useState<{ path?: string; document?: Document; problem?: Problem }>({});
  const [turn, setTurn] = useState(0);
  // What the gateway says is in the reader's language.
  const spoken = language.value;
  useEffect(() => {
    if (path === undefined) return undefined;
    const controller = new AbortController();
    const read = async (): Promise<void> => {
      try {
        const document = await getJson<Document>(path, controller.signal);
        if (!controller.signal.aborted) setState({ path, document });
      } catch (error) {
        if (controller.signal.aborted) return;
        const problem = problemFor(error);
        // What is not there now will not be there in five seconds.
        if (problem.status === 404) clearInterval(timer);
        setState((last) => (last.path === path ? { ...last, problem } : { path, problem }));
      }
    };
    void read();
    const timer =
      everyMs === undefined
        ? undefined
        : setInterval(() => document.visibilityState === 'visible' && void read(), everyMs);
    return () => {
      controller.abort();
      clearInterval(timer);
    };
  }, [path, everyMs, turn, spoken]);
  const again = (): void => setTurn((last) => last + 1);
  // A document of another path must not be shown for this one.
  if (state.path !== path) return { again };
  const { document: found, problem } = state;
  return { again, ...(found !== undefined && { document: found }), ...(problem && { problem }) };
}

/** The wall time, told anew each second while `isRunning`. */
export function useNow(isRunning: boolean): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (!isRunning) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [isRunning]);
  return now;
}

/** Whether the reader sees the page: a hidden one needs no connection, of which a browser has six to an address. */
export function useIsSeen(): boolean {
  const [isSeen, setSeen] = useState(document.visibilityState === 'visible');
  useEffect(() => {
    const look = (): void => setSeen(document.visibilityState === 'visible');
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);
  return isSeen;
}
