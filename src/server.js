/**
 * The first file of the process: what it loads comes from a cache of compiled code, so that a start
 * takes half the time from the second one on.
 *
 * Not in TypeScript: it is loaded before the cache is there, and Node would load, for this file alone, what
 * strips types: 10 MB and a fourteenth of the start.
 */
import { mkdirSync, statSync } from 'node:fs';
import { constants, enableCompileCache, flushCompileCache } from 'node:module';
import { join } from 'node:path';

const OTHERS_MAY_WRITE = 0o022;

// An empty variable is none, as everywhere in the configuration.
const folder = join(process.env['DATA_DIR'] || './data', 'compile-cache');
try {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // What others could write there would run here.
  const { mode, uid } = statSync(folder);
  if ((mode & OTHERS_MAY_WRITE) === 0 && uid === process.getuid?.()) {
    const { status } = enableCompileCache(folder);
    // Threads look here: a start of theirs takes half the time, too. Who named another has it.
    if (status === constants.compileCacheStatus.ENABLED) process.env['NODE_COMPILE_CACHE'] = folder;
  }
} catch {
  // Where nothing can be written it starts without one; the configuration's check tells of it.
}
const { run } = await import('./process.ts');
const isRunning = await run(process.env);
flushCompileCache();
if (!isRunning) process.exit(1);
