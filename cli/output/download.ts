/** An answer's body into its sink, with what came of it told meanwhile. */
import { setTimeout as pause } from 'node:timers/promises';
import { CommandError, EXIT, reasonOf } from '../failures.ts';
import { say, type Shell } from '../shell.ts';
import type { Progress } from './progress.ts';
import type { Sink } from './sink.ts';

const TRIES = 4;
const PAUSE_MS = 500;

/** How lines tell rows. */
export interface LinesOfRows {
  /** Lines before the first row. */
  before: number;
  /** A line end within quotes belongs to a cell. */
  isQuoted: boolean;
}

export interface Download {
  sink: Sink;
  progress: Progress;
  /** Which answers' lines are rows, and how many come before the first. */
  lines?: LinesOfRows | undefined;
  /** Each request is an act of its own: it is made once. */
  isAct?: boolean;
  /** The last bytes are handed over when it is whole. */
  seeTail?: (tail: Buffer) => void;
  /** How many rows came, where lines tell it. */
  seeRows?: (rows: number) => void;
}

/**
 * Takes a body to its end. One that breaks off is asked for anew, as long as nothing of it has gone out.
 *
 * @param first the answer that is there already, if one is.
 * @param again asks for the body anew.
 * @throws CommandError when it breaks off; what `again` throws.
 */
export async function download(
  shell: Shell,
  options: Download,
  first: Response | undefined,
  again: () => Promise<Response>,
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const response = tries === 1 && first !== undefined ? first : await again();
    try {
      await pour(shell, response, options);
      return;
    } catch (error) {
      if (shell.signal.aborted || !(error instanceof BrokenOffError)) throw error;
      const isOver = options.isAct === true || tries === TRIES;
      if (isOver || !(await options.sink.restart())) throw brokenOff(shell, error);
      await pause(PAUSE_MS * 2 ** tries, undefined, { signal: shell.signal });
    }
  }
}

class BrokenOffError extends Error {}

function brokenOff(shell: Shell, error: BrokenOffError): CommandError {
  const reason = reasonOf(error);
  const text = {
    en: `The answer broke off (${reason}): what came of it is not whole`,
    tr: `Yanıt yarıda kesildi (${reason}): gelen kısım eksik`,
  };
  return new CommandError(say(shell, text), { exitCode: EXIT.later, cause: error });
}

async function pour(shell: Shell, response: Response, options: Download): Promise<void> {
  const { sink, progress, lines, seeTail, seeRows } = options;
  const total = Number(response.headers.get('row-count') ?? Number.NaN);
  const counter = lines && createRowCounter(lines);
  let tail = Buffer.alloc(0);
  let bytes = 0;
  const body = response.body?.[Symbol.asyncIterator]();
  for (;;) {
    const next = await body?.next().catch((cause: unknown) => {
      throw new BrokenOffError('', { cause });
    });
    if (next === undefined || next.done === true) break;
    const piece = next.value as Uint8Array;
    bytes += piece.length;
    counter?.see(piece);
    if (seeTail !== undefined) tail = Buffer.concat([tail, piece]).subarray(-TAIL_BYTES);
    progress.show(...told(shell, { bytes, total, rows: counter?.rows() }));
    await sink.write(piece);
  }
  seeTail?.(tail);
  if (counter !== undefined) seeRows?.(counter.rows());
}

const TAIL_BYTES = 4096;

function told(
  shell: Shell,
  { bytes, total, rows }: { bytes: number; total: number; rows: number | undefined },
): [string, number?] {
  const number = new Intl.NumberFormat(shell.language);
  if (rows === undefined || Number.isNaN(total)) {
    const kilobytes = number.format(Math.ceil(bytes / 1024));
    return [say(shell, { en: `${kilobytes} KB received`, tr: `${kilobytes} KB alındı` })];
  }
  const [some, all] = [number.format(rows), number.format(total)];
  const text = {
    en: `${some} of ${all} rows received`,
    tr: `${all} satırın ${some} kadarı alındı`,
  };
  return [say(shell, text), total === 0 ? 1 : rows / total];
}

const LINE_END = 0x0a;
const QUOTE = 0x22;

function createRowCounter({ before, isQuoted }: LinesOfRows): {
  see: (piece: Uint8Array) => void;
  rows: () => number;
} {
  let lines = 0;
  let isInside = false;
  return {
    see(piece) {
      for (const byte of piece) {
        if (byte === QUOTE) isInside = isQuoted && !isInside;
        else if (byte === LINE_END && !isInside) lines += 1;
      }
    },
    rows: () => Math.max(lines - before, 0),
  };
}
