/** One line on a terminal that tells how far it is; nothing in a pipe. */
import { styleText } from 'node:util';
import type { Shell } from '../shell.ts';

const FRAMES = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';
const FRAME_MS = 120;
const BAR_CELLS = 24;
const ERASE_LINE = '\r\u001B[2K';

export interface Progress {
  /** @param done of all that is there, 0 to 1, where that is known. */
  show(text: string, done?: number): void;
  /** Takes the line away. */
  clear(): void;
}

const QUIET: Progress = { show: () => undefined, clear: () => undefined };

export function createProgress({ stderr }: Pick<Shell, 'stderr'>): Progress {
  if (!stderr.isTTY) return QUIET;
  const began = performance.now();
  let shown: { text: string; done: number | undefined } | undefined;
  let frame = 0;
  let timer: NodeJS.Timeout | undefined;
  const draw = (): void => {
    if (shown === undefined) return;
    frame = (frame + 1) % FRAMES.length;
    const bar = shown.done === undefined ? '' : `${barOf(shown.done)} `;
    const line = `${FRAMES[frame]} ${bar}${shown.text} ${clock(performance.now() - began)}`;
    // A line that wraps could not be taken away again.
    const fitting = Array.from(line)
      .slice(0, Math.max(stderr.columns - 1, 20))
      .join('');
    stderr.write(ERASE_LINE + styleText('cyan', fitting, { stream: stderr }));
  };
  return {
    show(text, done) {
      shown = { text, done };
      if (timer !== undefined) return;
      draw();
      timer = setInterval(draw, FRAME_MS);
      timer.unref();
    },
    clear() {
      if (timer === undefined) return;
      clearInterval(timer);
      timer = undefined;
      shown = undefined;
      stderr.write(ERASE_LINE);
    },
  };
}

function barOf(done: number): string {
  const full = Math.round(Math.min(Math.max(done, 0), 1) * BAR_CELLS);
  return '█'.repeat(full) + '░'.repeat(BAR_CELLS - full);
}

/** `0:07`, `12:34`. */
function clock(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
