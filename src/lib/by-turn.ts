/** Lines for a file or a pipe, written together: a write is a system call. */

/** What takes whole text, as a stream of pino does. */
interface Destination {
  write(text: string): unknown;
}

/** Takes lines; `flush` writes those that wait at once, for a process that ends. */
export interface ByTurn extends Destination {
  flush(): void;
  /** The same, by the name under which pino looks for it after a fatal line. */
  flushSync(): void;
}

/** A hundred writes a second at most; who kills the process takes with it what waits for the next. */
const PAUSE_MS = 10;

/** Writes what comes in a turn of the event loop at its end, or a pause after the last write. */
export function byTurn(destination: Destination): ByTurn {
  let lines = '';
  let writtenAt = -PAUSE_MS;
  let isArmed = false;

  function flush(): void {
    if (lines === '') return;
    const text = lines;
    lines = '';
    writtenAt = performance.now();
    destination.write(text);
  }
  function onTime(): void {
    isArmed = false;
    flush();
  }
  function arm(): void {
    if (isArmed) return;
    isArmed = true;
    const restMs = writtenAt + PAUSE_MS - performance.now();
    if (restMs <= 0) setImmediate(onTime);
    else setTimeout(onTime, restMs);
  }
  return {
    write(line) {
      arm();
      lines += line;
    },
    flush,
    flushSync: flush,
  };
}
