/**
 * Tells when files have changed and have come to rest.
 *
 * Directories are watched, since editors and secret stores put a new file (or a new symbolic link)
 * in the place of the old one; and every two seconds the files are looked at all the same, for what
 * no event tells of: network drives, links to other directories, directories that were exchanged.
 */
import { statSync, watch, type FSWatcher } from 'node:fs';
import { dirname } from 'node:path';

/** Files are at rest when none has changed for this long: a key and its certificate come in turn. */
const SETTLE_MS = 300;
const POLL_MS = 2_000;
/** Many events of one change are one. */
const GATHER_MS = 20;

export interface FollowedFiles {
  /**
   * Says which files count from now on; what they are like now is no change.
   * @returns whether they are others than before.
   */
  follow(paths: Iterable<string>): boolean;
  /** Whether the files are still as they were when they came to rest; if not, it tells again. */
  isAtRest(): boolean;
  close(): void;
}

/** @param onRest called when files that had changed are at rest. */
export function followPaths(onRest: () => void): FollowedFiles {
  const directories = new Map<string, FSWatcher>();
  let paths: string[] = [];
  let seen = '';
  let gathering: NodeJS.Timeout | undefined;
  let settling: NodeJS.Timeout | undefined;

  function look(): void {
    gathering = undefined;
    const stamp = stampOf(paths);
    if (stamp === seen) return;
    seen = stamp;
    clearTimeout(settling);
    settling = setTimeout(rest, SETTLE_MS).unref();
  }
  function rest(): void {
    settling = undefined;
    if (isAtRest()) onRest();
  }
  function isAtRest(): boolean {
    look();
    return settling === undefined;
  }
  const onEvent = (): void => {
    gathering ??= setTimeout(look, GATHER_MS).unref();
  };

  function listen(directory: string): void {
    if (directories.has(directory)) return;
    try {
      const watcher = watch(directory, { persistent: false }, onEvent);
      watcher.on('error', () => leave(directory));
      directories.set(directory, watcher);
    } catch {
      // It is not there, or the system watches no more: the poll remains.
    }
  }
  function leave(directory: string): void {
    directories.get(directory)?.close();
    directories.delete(directory);
  }

  const poll = setInterval(look, POLL_MS).unref();
  return {
    follow(files) {
      const next = [...new Set(files)].toSorted();
      const wanted = new Set(next.map((path) => dirname(path)));
      for (const directory of directories.keys()) if (!wanted.has(directory)) leave(directory);
      for (const directory of wanted) listen(directory);
      if (next.join('\0') === paths.join('\0')) return false;
      paths = next;
      seen = stampOf(paths);
      return true;
    },
    isAtRest,
    close() {
      clearInterval(poll);
      clearTimeout(gathering);
      clearTimeout(settling);
      for (const directory of directories.keys()) leave(directory);
    },
  };
}

/** What the files behind the paths look like from outside; links are followed. */
function stampOf(paths: readonly string[]): string {
  const stamps = paths.map((path) => {
    try {
      const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
      return [dev, ino, size, mtimeNs, ctimeNs].join();
    } catch {
      return '';
    }
  });
  return stamps.join(';');
}
