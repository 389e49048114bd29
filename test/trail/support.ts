/** A trail of its own for a test, on real files. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { pino } from 'pino';
import { systemClock, type Clock } from '../../src/lib/clock.ts';
import { defined } from '../../src/lib/defined.ts';
import type { SignCheckpoint } from '../../src/trail/checkpoints.ts';
import { openTrail, type Act, type StampSource, type Trail } from '../../src/trail/index.ts';
import type { SeenChain } from '../../src/trail/survey.ts';
import { temporaryFolder } from '../support/folder.ts';

export type Line = Record<string, unknown> & {
  number: number;
  action: string;
  before: string;
  time: string;
};

/** One act that stands for any. */
export const READ: Act = {
  action: 'rows.read',
  client: 'desk',
  member: 'TIB',
  rows: 3,
  end: 'given',
};

export interface TrailOptions {
  folder?: string;
  clock?: Clock;
  sign?: SignCheckpoint;
  stampSource?: StampSource;
  retentionDays?: number;
}

/** @param folder where others have written already; else one of its own. */
export async function startTrail(
  t: TestContext,
  { folder, clock = systemClock, sign, stampSource, retentionDays = 0 }: TrailOptions = {},
): Promise<Trail & { folder: string; logLines: string[] }> {
  const place = folder ?? join(await temporaryFolder(), 'trail');
  const logLines: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => logLines.push(line) });
  const trail = await openTrail({
    folder: place,
    replica: '127.0.0.1:3000',
    retentionDays,
    clock,
    log,
    ...defined({ sign, stampSource }),
  });
  t.after(() => trail.close(1_000));
  return { ...trail, folder: place, logLines };
}

/** The files of a folder, by name, in the order of their chains. */
export function filesOf(folder: string): string[] {
  return readdirSync(folder)
    .toSorted((one, other) => (one.slice(9) < other.slice(9) ? -1 : 1))
    .map((name) => join(folder, name));
}

/** The lines of a file as their texts; what is torn is the last. */
export function textsOf(file: string): string[] {
  return readFileSync(file, 'utf8').split('\n').slice(0, -1);
}

export function linesOf(file: string): Line[] {
  return textsOf(file).map((text) => JSON.parse(text) as Line);
}

/** The ends of chains that a chain names in its first line. */
export function earlierOf(file: string): SeenChain[] {
  return (linesOf(file)[0]?.['earlier'] ?? []) as SeenChain[];
}
