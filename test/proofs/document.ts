/** docs/proof.md, which proofs that run beside each other write to. */
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const DOCUMENT = fileURLToPath(new URL('../../docs/proof.md', import.meta.url));
const LOCK = `${DOCUMENT}.lock`;
const TRIES = 1_000;

/** Changes the document, one process at a time. @throws Error where another never lets go of it. */
export function rewrite(change: (document: string) => string): void {
  lock();
  try {
    writeFileSync(DOCUMENT, change(readFileSync(DOCUMENT, 'utf8')));
  } finally {
    rmSync(LOCK);
  }
}

function lock(): void {
  for (let tries = 0; ; tries += 1) {
    try {
      closeSync(openSync(LOCK, 'wx'));
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || tries === TRIES) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}
