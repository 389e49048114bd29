/** A trail of three chains, changed at random, and whether the proof sees it. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { prove } from '../../cli/trail/prove.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createStatements } from '../../src/mks/index.ts';
import { CHECKPOINT_TYPE, openTrail } from '../../src/trail/index.ts';
import { filesOf, READ } from '../trail/support.ts';
import { temporaryFolder } from './folder.ts';
import { member } from './mks.ts';
import { createRandom, type Random } from './random.ts';

const CHAINS = 3;
const ACTS = 10;
const OUTSIDE = { trusted: undefined, authorities: undefined, checkpoints: [] };

/**
 * Changes one byte, or what stands in one place, of a copy of the first two chains, so many times. Of the last chain the
 * very end is told of by nothing yet.
 * @returns the changes that the proof did not see.
 */
export async function tamper(changes: number, seed: number): Promise<string[]> {
  const random = createRandom(seed);
  const folder = await temporaryFolder();
  const source = join(folder, 'trail');
  await writeTrail(source);
  if ((await prove(filesOf(source), true, OUTSIDE)).faults.length > 0)
    throw new Error('the trail as it was written is not proved');
  const unseen: string[] = [];
  for (let change = 0; change < changes; change += 1) {
    const copy = mkdtempSync(join(folder, 'copy-'));
    cpSync(source, copy, { recursive: true });
    const which = random.below(CHAINS - 1);
    const file = filesOf(copy)[which] ?? '';
    const before = readFileSync(file);
    const [name, after] = changed(before, random);
    writeFileSync(file, after);
    const isSeen = (await prove(filesOf(copy), true, OUTSIDE)).faults.length > 0;
    if (!isSeen && !after.equals(before))
      unseen.push(`change ${change} of chain ${which}: ${name}`);
    rmSync(copy, { recursive: true });
  }
  return unseen;
}

async function writeTrail(folder: string): Promise<void> {
  const credentials = { members: new Map([['TIB', member]]), trustedCertificates: [] };
  for (let day = 0; day < CHAINS; day += 1) {
    const clock = { ...systemClock, now: () => Date.UTC(2026, 10, 25 + day, 9) };
    const trail = await openTrail({
      folder,
      replica: 'here',
      retentionDays: 0,
      sign: createStatements(CHECKPOINT_TYPE, () => credentials, systemClock),
      clock,
      log: pino({ level: 'silent' }),
    });
    for (let rows = 0; rows < ACTS; rows += 1) await trail.record({ ...READ, rows });
    await trail.close(5_000);
  }
}

function changed(bytes: Buffer, random: Random): [name: string, after: Buffer] {
  const at = random.below(bytes.length);
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  const letter = Buffer.from([random.below(256)]);
  const kinds: Record<string, () => Buffer> = {
    'a bit': () => bytes.with(at, (bytes[at] ?? 0) ^ (1 << random.below(8))) as Buffer,
    'a byte more': () => Buffer.concat([before, letter, after]),
    'a byte less': () => Buffer.concat([before, after.subarray(1)]),
    'some bytes less': () => Buffer.concat([before, after.subarray(1 + random.below(200))]),
    'an end cut': () => Buffer.from(before),
    'a line less': () => lines(bytes, random, (list, line) => list.toSpliced(line, 1)),
    'a line twice': () =>
      lines(bytes, random, (list, line) => list.toSpliced(line, 0, list[line] ?? '')),
    'two lines exchanged': () =>
      lines(bytes, random, (list, line) => {
        const other = random.below(list.length);
        return list.with(line, list[other] ?? '').with(other, list[line] ?? '');
      }),
  };
  const name = random.pick(Object.keys(kinds));
  return [`${name} at ${at}`, Buffer.from(kinds[name]?.() ?? bytes)];
}

function lines(
  bytes: Buffer,
  random: Random,
  change: (list: string[], line: number) => string[],
): Buffer {
  const list = bytes.toString().split('\n').slice(0, -1);
  return Buffer.from(`${change(list, random.below(list.length)).join('\n')}\n`);
}
