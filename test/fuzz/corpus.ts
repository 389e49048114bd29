/** Inputs that are kept, a file each: those that found something, and those that first reached an outcome. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Entry {
  name: string;
  input: Buffer;
}

/** In the order of their names, so that a seed means the same everywhere. */
export function readCorpus(target: string): Entry[] {
  const folder = folderOf(target);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .toSorted()
    .map((name) => ({ name, input: readFileSync(join(folder, name)) }));
}

/** @returns its path from the root. */
export function keep(target: string, input: Buffer): string {
  const name = `${createHash('sha256').update(input).digest('hex').slice(0, 12)}.bin`;
  mkdirSync(folderOf(target), { recursive: true });
  writeFileSync(join(folderOf(target), name), input);
  return `test/fuzz/corpus/${target}/${name}`;
}

function folderOf(target: string): string {
  return join(import.meta.dirname, 'corpus', target);
}

const SHRINKING_TRIES = 400;

/** Takes away what is not needed: halves, quarters … down to single bytes, as long as the input `isStill` what it was. */
export async function shrunk(
  input: Buffer,
  isStill: (input: Buffer) => Promise<boolean>,
): Promise<Buffer> {
  let small = input;
  let left = SHRINKING_TRIES;
  for (let width = small.length >> 1; width >= 1; width >>= 1) {
    for (let at = 0; at < small.length && left > 0; left -= 1) {
      const without = Buffer.concat([small.subarray(0, at), small.subarray(at + width)]);
      if (await isStill(without)) small = without;
      else at += width;
    }
  }
  return small;
}
