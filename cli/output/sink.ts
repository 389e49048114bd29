/** Where data goes: standard output, or a file that has its name only when it is whole. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { open, realpath, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CommandError, reasonOf } from '../failures.ts';
import { say, type Shell } from '../shell.ts';

export interface Sink {
  write(bytes: Uint8Array): Promise<void>;
  /** Takes back what was written. @returns whether that can be done. */
  restart(): Promise<boolean>;
  /** It is whole: a file gets its name. */
  finish(): Promise<void>;
  /** It will never be whole: nothing of it stays. */
  discard(): Promise<void>;
}

/**
 * Opens a sink first, so that a file that cannot be written is told before anything is waited for.
 *
 * @param file undefined or `-`: standard output.
 * @throws CommandError where the file cannot be written; what `fill` throws.
 */
export async function withSink(
  shell: Shell,
  file: string | undefined,
  fill: (sink: Sink) => Promise<void>,
): Promise<void> {
  // Looked at before there is a file: a signal that comes from now on takes it away again.
  const { signal } = shell;
  const sink = await openSink(shell, file);
  try {
    signal.throwIfAborted();
    await fill(sink);
    await sink.finish();
  } catch (error) {
    await sink.discard();
    throw error;
  }
}

async function openSink(shell: Shell, file: string | undefined): Promise<Sink> {
  if (file === undefined || file === '-') return standardOutput(shell);
  try {
    return await openFile(file);
  } catch (error) {
    const reason = reasonOf(error);
    const text = {
      en: `${file} cannot be written (${reason})`,
      tr: `${file} yazılamıyor (${reason})`,
    };
    throw new CommandError(say(shell, text), { cause: error });
  }
}

function standardOutput({ stdout, signal }: Shell): Sink {
  let isTouched = false;
  return {
    async write(bytes) {
      isTouched = true;
      if (!stdout.write(bytes)) await once(stdout, 'drain', { signal });
    },
    restart: () => Promise.resolve(!isTouched),
    finish: () => Promise.resolve(),
    discard: () => Promise.resolve(),
  };
}

async function openFile(named: string): Promise<Sink> {
  // Through a link it is the file behind it that is exchanged, not the link.
  const file = await realpath(named).catch(() => named);
  const before = await stat(file).catch(() => undefined);
  // A device or a pipe cannot be exchanged, and is what it is.
  if (before !== undefined && !before.isFile()) return throughHandle(await open(file, 'w'));
  const draft = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString('hex')}.part`);
  const handle = await open(draft, 'ax', before === undefined ? 0o666 : before.mode & 0o777);
  return {
    ...throughHandle(handle),
    async restart() {
      await handle.truncate(0);
      return true;
    },
    async finish() {
      await handle.sync();
      await handle.close();
      await rename(draft, file);
    },
    async discard() {
      await handle.close().catch(() => undefined);
      await rm(draft, { force: true });
    },
  };
}

function throughHandle(handle: FileHandle): Sink {
  let isTouched = false;
  return {
    async write(bytes) {
      isTouched = true;
      await handle.appendFile(bytes);
    },
    restart: () => Promise.resolve(!isTouched),
    finish: () => handle.close(),
    discard: () => handle.close(),
  };
}
