/** P6: memory over idle while reports are decoded and read, and what a row costs, from 1,000 rows to 10 million. */
import { setTimeout as sleep } from 'node:timers/promises';
import { readAll } from '../support/callers.ts';
import { cpuMs, memoryOf } from '../support/programs.ts';
import { makeReport } from '../support/reports.ts';
import type { Context, Figure, Row } from '../support/row.ts';
import { createScope } from '../support/scope.ts';
import { startStage, type Stage } from '../support/stage.ts';
import { spreadOf } from '../support/stats.ts';
import type { Plot, Point } from '../support/svg.ts';

const GOAL_MB = 120;
const SAMPLE_EVERY_MS = 100;
const SETTLE_MS = 3000;
const QUICK_SETTLE_MS = 1000;
const SMALL_ROWS = 100;
const FORMATS_READ = ['ndjson', 'csv', 'json'];

interface Measured {
  decodingMB: number;
  readingMB: number;
  wallMsPerRow: number;
  cpuMsPerRow: number;
  /** Seconds since the file was asked for, MB over idle. */
  overTime: Point[];
}

export const sizes: Row = {
  name: 'sizes',
  what: 'P6: memory over idle while decoding and reading; cost of a row by size of the report',
  peer: '–',
  async run(context) {
    const { isQuick, tell } = context;
    // A fresh gateway for each size is what takes the time.
    const runs = isQuick ? 1 : context.runs;
    const counts = isQuick
      ? [1000, 100_000, 300_000]
      : [1000, 10_000, 100_000, 1_000_000, 10_000_000];
    const results = new Map(counts.map((rows): [number, Measured[]] => [rows, []]));
    for (let run = 0; run < runs; run += 1) {
      for (const [rows, measured] of results) {
        tell(`run ${run + 1}, ${rows.toLocaleString('en')} rows`);
        measured.push(await measureOnce(context, rows));
      }
    }
    return {
      figures: [...results].flatMap(([rows, measured]) => figuresOf(rows, measured)),
      plots: plotsOf(results),
      notes: [
        'Memory is the process’s own (PSS), each size in a fresh gateway, over what it had a few seconds after its ' +
          'first small report; looked at every 100 ms while the report is decoded, then while it is read once ' +
          'as NDJSON, CSV and JSON.',
      ],
    };
  },
};

async function measureOnce({ scope: outer, isQuick }: Context, rows: number): Promise<Measured> {
  const scope = createScope();
  outer.after(() => scope.close());
  try {
    const stage = await startStage(scope, { sandbox: { SANDBOX_ROWS: String(SMALL_ROWS) } });
    await makeReport(stage);
    await sleep(isQuick ? QUICK_SETTLE_MS : SETTLE_MS);
    const { pid } = stage.gateway;
    const idleMB = memoryOf(pid).proportionalMB;
    await setRows(stage, rows);
    const samples: Point[] = [];
    const sampler = setInterval(() => {
      samples.push([Date.now(), memoryOf(pid).proportionalMB - idleMB]);
    }, SAMPLE_EVERY_MS);
    scope.after(() => clearInterval(sampler));
    const cpuBefore = cpuMs(pid);
    const { id, fetchedInMs } = await makeReport(stage);
    const cpu = cpuMs(pid) - cpuBefore;
    const readyAtMs = Date.now();
    for (const format of FORMATS_READ) {
      await readAll(`${stage.url}/balances/${id}/rows?format=${format}`);
    }
    samples.push([Date.now(), memoryOf(pid).proportionalMB - idleMB]);
    const askedAtMs = readyAtMs - fetchedInMs;
    const most = (those: Point[]): number => Math.max(0, ...those.map(([, mb]) => mb));
    return {
      decodingMB: most(samples.filter(([at]) => at <= readyAtMs)),
      readingMB: most(samples.filter(([at]) => at > readyAtMs)),
      wallMsPerRow: fetchedInMs / rows,
      cpuMsPerRow: cpu / rows,
      overTime: samples
        .filter(([at]) => at >= askedAtMs)
        .map(([at, mb]) => [(at - askedAtMs) / 1000, mb]),
    };
  } finally {
    await scope.close();
  }
}

async function setRows({ sandbox }: Stage, rows: number): Promise<void> {
  const body = JSON.stringify({ rows });
  const response = await fetch(`${sandbox.url}/_sandbox/shape`, { method: 'POST', body });
  if (!response.ok) throw new Error(await response.text());
}

function figuresOf(rows: number, measured: Measured[]): Figure[] {
  const size = `${rows.toLocaleString('en')} rows`;
  const cost: Figure = {
    name: `cost of a row, ${size}`,
    unit: 'µs',
    ours: measured.map(({ wallMsPerRow }) => wallMsPerRow * 1000),
  };
  if (rows < 100_000) return [cost];
  return [
    cost,
    {
      name: `decoding ${size}, over idle`,
      unit: 'MB',
      ours: measured.map(({ decodingMB }) => decodingMB),
      goal: GOAL_MB,
    },
    {
      name: `reading ${size}, over idle`,
      unit: 'MB',
      ours: measured.map(({ readingMB }) => readingMB),
      goal: GOAL_MB,
    },
  ];
}

function plotsOf(results: Map<number, Measured[]>): Plot[] {
  const line = (field: 'wallMsPerRow' | 'cpuMsPerRow'): Point[] =>
    [...results].map(([rows, measured]) => [
      rows,
      spreadOf(measured.map((one) => one[field])).median * 1000,
    ]);
  const large = [...results].filter(([rows]) => rows >= 100_000);
  return [
    {
      file: 'cost-per-row.svg',
      title: 'MKS has it → ready, by size of the report',
      x: { label: 'rows', isLog: true },
      y: { label: 'µs a row', isLog: true },
      series: [
        { name: 'time', points: line('wallMsPerRow') },
        { name: 'CPU', points: line('cpuMsPerRow') },
      ],
    },
    {
      file: 'memory.svg',
      title: 'Memory over idle while a report is decoded, then read in three formats',
      x: { label: 'seconds since its file was asked for', isLog: true },
      y: { label: 'MB over idle' },
      series: large.map(([rows, measured]) => ({
        name: `${rows.toLocaleString('en')} rows`,
        points: measured[0]?.overTime.filter(([at]) => at > 0) ?? [],
      })),
    },
  ];
}
