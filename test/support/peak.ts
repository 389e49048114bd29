/** How far this process's memory rises, between two looks at it too. */
import { readFileSync, writeFileSync } from 'node:fs';

/** @returns tells by how many MiB the peak since then is above what was resident then. */
export function watchPeak(): () => number {
  // proc(5): sets the peak back to what is resident now.
  writeFileSync('/proc/self/clear_refs', '5');
  const before = peakKiB();
  return () => (peakKiB() - before) / 1024;
}

function peakKiB(): number {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
}
