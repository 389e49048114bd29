/** Lets go of checks that are older than they are kept, and of what a dead process left half done. */
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Clock } from '../../lib/clock.ts';
import { filesOf, memberFolders } from './files.ts';
import { type KeptName, parseRecordFile, recordFile } from './names.ts';

export interface CheckRetention {
  /** Lets go of what is due. */
  letGo(): Promise<void>;
  close(): void;
}

const LOOK_MS = 60 * 60_000;
/** A check takes minutes at most: what has no record for so long gets none. */
const ABANDONED_MS = 60 * 60_000;

/** Looks at once, and each hour. */
export function createCheckRetention(deps: {
  folder: string;
  isDue: (name: KeptName) => boolean;
  clock: Pick<Clock, 'now'>;
  log: Logger;
}): CheckRetention {
  const { folder, isDue, clock, log } = deps;

  async function isAbandoned(path: string): Promise<boolean> {
    const written = await stat(path).catch(() => undefined);
    return written !== undefined && clock.now() - written.mtimeMs > ABANDONED_MS;
  }

  async function letGo(): Promise<void> {
    for (const member of await memberFolders(folder)) {
      const files = await filesOf(join(folder, member));
      const kept = new Set<string>();
      for (const file of files) {
        const name = parseRecordFile(file);
        if (name === undefined) continue;
        // Its breaks are nothing without it, and go below.
        if (isDue(name)) await rm(join(folder, member, file), { force: true });
        else kept.add(file);
      }
      for (const file of files) {
        if (kept.has(file) || kept.has(recordFile(file.replace(/\.breaks$/, '')))) continue;
        const path = join(folder, member, file);
        if (await isAbandoned(path)) await rm(path, { force: true });
      }
    }
  }

  const look = (): void =>
    void letGo().catch((error: unknown) => {
      log.warn({ err: error }, 'old checks stay for another hour');
    });
  look();
  const looking = setInterval(look, LOOK_MS).unref();
  return { letGo, close: () => clearInterval(looking) };
}
