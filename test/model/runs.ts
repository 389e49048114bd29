/** Has schedules played in a process of their own. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** A schedule that did not hold. */
export interface Failing {
  seed: number;
  /** The same where the same has happened. */
  digest: string;
  wrong: string[];
}

export interface End {
  played: number;
  failed: number;
  /** Of all that happened in all of them. */
  digest: string;
  /** How often each kind of trouble came, and each end of a report. */
  counts: Record<string, number>;
}

export interface Runs extends End {
  failing: Failing[];
}

/**
 * @param options.times each schedule is played; once unless said.
 * @param options.stop at the first that does not hold.
 * @throws Error with what the process had to say, where it could not play them.
 */
export async function playSeeds(
  first: number,
  count: number,
  options: { mutant?: string; times?: number; stop?: boolean } = {},
): Promise<Runs> {
  const { mutant = '', times = 1, stop = false } = options;
  const runner = spawn(
    process.execPath,
    [join(import.meta.dirname, 'run.ts'), ...[first, count, times].map(String)],
    {
      env: {
        ...process.env,
        MODEL_MUTANT: mutant,
        STOP: stop ? '1' : '',
        // Each world loads the sources anew: to tell what ran of them, V8 would keep them all.
        NODE_V8_COVERAGE: '',
      },
    },
  );
  let [said, complained] = ['', ''];
  runner.stdout.on('data', (piece: Buffer) => (said += piece.toString()));
  runner.stderr.on('data', (piece: Buffer) => (complained += piece.toString()));
  const code = await new Promise((resolve) => runner.once('close', resolve));
  if (code !== 0) throw new Error(`schedules could not be played: ${complained}`);
  const lines = said.trim().split('\n');
  const end = JSON.parse(lines.pop() ?? '') as End;
  return { ...end, failing: lines.map((line) => JSON.parse(line) as Failing) };
}
