/** What is typed at a terminal and is not to be seen there, nor to stay anywhere. */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { Shell } from './shell.ts';

/** Whether somebody is there to be asked, and to see the question. */
export function canAsk({ stderr }: Pick<Shell, 'stderr'>): boolean {
  return process.stdin.isTTY && stderr.isTTY;
}

/**
 * Asks for a line that does not appear; it is edited as lines are.
 *
 * @returns the line; empty too where the input has ended (Ctrl-D).
 * @throws AbortError by the shell's signal: Ctrl-C, which the terminal gives as a key meanwhile.
 */
export async function askSecret({ stderr, signal }: Shell, question: string): Promise<string> {
  const unseen = new Writable({ write: (_piece, _encoding, done) => done() });
  const lines = createInterface({
    input: process.stdin,
    output: unseen,
    terminal: true,
    historySize: 0,
  });
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  stderr.write(question);
  try {
    const ends = ['line', 'close'].map((event) => once(lines, event, { signal }));
    const [line = ''] = (await Promise.race(ends)) as [string?];
    return line;
  } finally {
    lines.close();
    stderr.write('\n');
  }
}
