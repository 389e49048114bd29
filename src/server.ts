/**
 * The first file of the process: what it loads comes from a cache of compiled code, so that a start
 * takes half the time from the second one on.
 */
import { mkdirSync } from 'node:fs';
import { enableCompileCache, flushCompileCache } from 'node:module';
import { join } from 'node:path';

const folder = join(process.env['DATA_DIR'] ?? './data', 'compile-cache');
try {
  // Code that others could write would run here.
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  enableCompileCache(folder);
} catch {
  // Where nothing can be written it starts without one; the configuration's check tells of it.
}
const { run } = await import('./process.ts');
const isRunning = await run(process.env);
flushCompileCache();
if (!isRunning) process.exit(1);
