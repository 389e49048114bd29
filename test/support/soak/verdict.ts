/** Whether a soak stayed flat: each series with its figure, and the plot of all of them. */
import type { Plot } from '../../../bench/support/svg.ts';
import { growthOf, slopeOf, type Point } from './slope.ts';
import type { Soaked } from './soak.ts';
import type { Health } from './watch.ts';

export interface Verdict {
  /** In words, a series each. */
  figures: string[];
  /** What is not as it has to be. */
  faults: string[];
}

const MINUTE_MS = 60_000;
/**
 * Both looked at right after a collection, with garbage in neither: between two of them what the process has of the
 * machine goes up and down by more than a soak could grow it.
 */
const LIVE_MB_PER_MINUTE = 0.5;
const MEMORY_MB_PER_MINUTE = 1;
/** The last third beside the first. What depends on how busy the machine is, is left more room. */
const GROWTH_MAX = 1.15;
const DELAY_GROWTH_MAX = 2;
/** Below this nobody waits for the event loop. */
const DELAY_SEEN_MS = 50;
const SURPRISES_TOLD = 5;
const TOO_BUSY_SHARE = 0.02;

/** @param warmMinutes are left out: code is compiled, caches fill, and the first reports are not yet forgotten. */
export function judge(soaked: Soaked, warmMinutes: number): Verdict {
  const figures: string[] = [];
  const faults = faultsOf(soaked);
  const note = (name: string, figure: string, isFlat: boolean): void => {
    figures.push(`${name} ${figure}`);
    if (!isFlat) faults.push(`${name} not flat`);
  };
  for (const [n, lines] of soaked.health.entries()) {
    const late = (of: (line: Health) => number, among = lines): Point[] =>
      pointsOf(among, of).filter(({ minute }) => minute >= warmMinutes);
    const collected = lines.filter(({ liveMb }) => liveMb !== undefined);
    for (const [name, of, most] of [
      [`replica ${n + 1}: alive`, ({ liveMb = 0 }: Health) => liveMb, LIVE_MB_PER_MINUTE],
      ['memory', ({ rssMb }: Health) => rssMb, MEMORY_MB_PER_MINUTE],
    ] as const) {
      const points = late(of, collected);
      const slope = slopeOf(points);
      const [first, last] = [points[0], points.at(-1)].map((point) => point?.value.toFixed(1));
      note(name, `${slope.toFixed(2)} MB/min (${first} → ${last} MB)`, slope < most);
    }
    const code = slopeOf(late(({ codeMb = 0 }) => codeMb, collected));
    figures.push(`of what is alive, code ${code.toFixed(2)} MB/min`);
    for (const [name, of] of [
      ['handles', (line: Health) => line.handles],
      ['files', (line: Health) => line.files],
    ] as const) {
      const growth = growthOf(late(of));
      note(name, `× ${growth.toFixed(2)}`, growth < GROWTH_MAX);
    }
    const delays = late(({ delayMs }) => delayMs);
    const [growth, last] = [growthOf(delays), delays.at(-1)?.value ?? 0];
    const isFlat = growth < DELAY_GROWTH_MAX || last < DELAY_SEEN_MS;
    note('event-loop delay', `× ${growth.toFixed(2)}`, isFlat);
  }
  const began = soaked.keys[0]?.at ?? 0;
  const keys = soaked.keys
    .map(({ at, count }) => ({ minute: (at - began) / MINUTE_MS, value: count }))
    .filter(({ minute }) => minute >= warmMinutes);
  const growth = growthOf(keys);
  note('Redis keys', `× ${growth.toFixed(2)}`, growth < GROWTH_MAX);
  return { figures, faults };
}

/** What callers were not to be told, and what is there that must not be when every report has gone. */
export function faultsOf({ left, surprises, tooBusy, outcomes }: Soaked): string[] {
  const faults = surprises.slice(0, SURPRISES_TOLD);
  const calls = [...outcomes.values()].reduce((sum, times) => sum + times, 0);
  if (tooBusy > calls * TOO_BUSY_SHARE) faults.push(`${tooBusy} told to come again`);
  faults.push(...[...left.keys, ...left.files].map((name) => `left: ${name}`));
  if (left.ends.some((end) => end !== 0)) faults.push(`gateways ended with ${left.ends.join()}`);
  if (!left.trail.startsWith('0: PROVED')) faults.push(left.trail);
  return faults;
}

/** The larger of the two replicas, each series in its own unit over one axis of powers of ten. */
export function plotOf(soaked: Soaked): Plot {
  const largest = (
    of: (line: Health) => number,
    isMeant: (line: Health) => boolean = () => true,
  ): [number, number][] => {
    const [first = [], second = []] = soaked.health.map((lines) =>
      pointsOf(lines.filter(isMeant), of),
    );
    return first.map(({ minute, value }, n) => [minute, Math.max(value, second[n]?.value ?? 0, 1)]);
  };
  const began = soaked.keys[0]?.at ?? 0;
  return {
    file: 'soak.svg',
    title: 'Two replicas under mixed load, a twentieth of MKS’s answers spoilt',
    x: { label: 'minutes' },
    y: { label: 'each in its unit', isLog: true },
    series: [
      { name: 'memory, MB', points: largest(({ rssMb }) => rssMb) },
      {
        name: 'alive, MB',
        points: largest(
          ({ liveMb = 0 }) => liveMb,
          ({ liveMb }) => liveMb !== undefined,
        ),
      },
      { name: 'handles', points: largest(({ handles }) => handles) },
      { name: 'loop delay p99, ms', points: largest(({ delayMs }) => delayMs) },
      {
        name: 'Redis keys',
        points: soaked.keys.map(({ at, count }) => [(at - began) / MINUTE_MS, Math.max(count, 1)]),
      },
    ],
  };
}

function pointsOf(lines: readonly Health[], of: (line: Health) => number): Point[] {
  const began = lines[0]?.at ?? 0;
  return lines.map((line) => ({ minute: (line.at - began) / MINUTE_MS, value: of(line) }));
}
