/** Lines for a file or a pipe, written once a turn of the event loop: a write is a system call. */

/** What takes whole text, as a stream of pino does. */
interface Destination {
  write(text: string): unknown;
}

/** Takes lines; `flush` writes those of this turn at once, for a process that ends in it. */
export interface ByTurn extends Destination {
  flush(): void;
  /** The same, by the name under which pino looks for it after a fatal line. */
  flushSync(): void;
}

export function byTurn(destination: Destination): ByTurn {
  let lines = '';
  function flush(): void {
    if (lines === '') return;
    const text = lines;
    lines = '';
    destination.write(text);
  }
  return {
    write(line) {
      if (lines === '') setImmediate(flush);
      lines += line;
    },
    flush,
    flushSync: flush,
  };
}
