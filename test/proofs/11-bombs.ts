/** Promise 11: archives that unpack to half a gigabyte, and those that lie about what they hold, each met by a new process. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bomb, bombs, kindsOf, type Refusal } from '../support/bombs.ts';
import { temporaryFolder } from '../support/folder.ts';
import type { Outcome, Proof } from './proof.ts';

const SIZE = 512 * 1024 ** 2;
const ENTRIES = 2_000;
const MOST_MIB = 128;
const MOST_CPU_SECONDS = 2;

export const proof: Proof = {
  number: 11,
  promise: 'bombs are bounded',
  small: ['test/rows/read/bombs.test.ts'],
  prove,
};

async function prove(): Promise<Outcome> {
  const all = Object.entries(bombs(SIZE, ENTRIES));
  const wrong: string[] = [];
  let [mostMiB, mostSeconds] = [0, 0];
  for (const [name, bomb] of all) {
    const { reason, cpuSeconds, grownMiB } = await meetAlone(bomb);
    mostMiB = Math.max(mostMiB, grownMiB);
    mostSeconds = Math.max(mostSeconds, cpuSeconds);
    const isRefused = reason === bomb.reason;
    if (isRefused && grownMiB <= MOST_MIB && cpuSeconds <= MOST_CPU_SECONDS) continue;
    wrong.push(`${name}: ${reason}, ${grownMiB.toFixed(0)} MiB, ${cpuSeconds.toFixed(1)} s`);
  }
  for (const each of wrong) console.error(each);
  return {
    done: `${all.length} archives of ${kindsOf(all.map(([name]) => name)).length} kinds, up to ${SIZE / 1024 ** 2} MiB unpacked`,
    figure:
      `${all.length - wrong.length} refused in bounds; ` +
      `at most ${mostMiB.toFixed(0)} MiB more and ${mostSeconds.toFixed(2)} s of CPU`,
    met: wrong.length === 0,
  };
}

/** In a process of its own: what making the archive took would hide what opening it takes. */
async function meetAlone({ make, fileMaxBytes }: Bomb): Promise<Refusal> {
  const path = join(await temporaryFolder(), 'bomb.zip');
  writeFileSync(path, await make());
  const program = join(import.meta.dirname, '../support/bomb-process.ts');
  const args = [program, path, ...(fileMaxBytes === undefined ? [] : [String(fileMaxBytes)])];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Refusal;
}
