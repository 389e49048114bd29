/** A disk that is full soon. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

/** A file system of so many bytes. @returns what takes it away; undefined where we may not mount one. */
export function mountSmall(folder: string, size: string): (() => void) | undefined {
  mkdirSync(folder, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder], {
      stdio: 'pipe',
    });
  } catch {
    return undefined;
  }
  return () => execFileSync('umount', ['-l', folder]);
}
