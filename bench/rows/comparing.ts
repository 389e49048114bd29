/** P11: what changed between two days, and a ledger against a day, beside DuckDB doing the same from plain files. */
import { execFile } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { request } from 'undici';
import { readAll } from '../support/callers.ts';
import { startProbe } from '../support/probe.ts';
import { cpuMs, memoryOf, root } from '../support/programs.ts';
import { makeReport } from '../support/reports.ts';
import type { Context, Figure, Row } from '../support/row.ts';
import { createScope } from '../support/scope.ts';
import {
  DATE,
  gatewayEnvironment,
  startGatewayProcess,
  startSandboxProcess,
  type Stage,
} from '../support/stage.ts';
import { quantile } from '../support/stats.ts';

const NEXT_DATE = '20260303';
const PEER = 'DuckDB, one thread';
const TIME_GOAL = 2;
const MEMORY_GOAL_MB = 120;
const HEALTH_GOAL_MS = 15;
const SAMPLE_EVERY_MS = 50;
const SETTLE_MS = 2_000;

const TASKS = ['changes', 'check'] as const;
type Task = (typeof TASKS)[number];

interface Cost {
  wallMs: number;
  cpuMs: number;
  memoryMB: number;
}

interface Files {
  changes: [from: string, to: string];
  check: [ledger: string, rows: string];
}

export const comparing: Row = {
  name: 'comparing',
  what: 'P11: changes between two days, and a ledger against a day',
  peer: 'DuckDB on one thread, doing the same from plain files',
  async run(context) {
    const { runs, isQuick, scope, tell } = context;
    const rows = isQuick ? 100_000 : 1_000_000;
    const sandbox = await startSandboxProcess(scope, { SANDBOX_ROWS: String(rows) });
    const environment = await gatewayEnvironment(scope, sandbox);
    /** A fresh gateway, which finds the reports of the one before: what that had in memory is not in the way. */
    const onStage = async <T>(run: (stage: Stage) => Promise<T>): Promise<T> => {
      const own = createScope();
      scope.after(() => own.close());
      try {
        return await run({ ...(await startGatewayProcess(own, environment)), sandbox });
      } finally {
        await own.close();
      }
    };
    const files = await onStage((stage) => prepare(context, stage));
    const figures: Figure[] = [];
    for (const task of TASKS) {
      const ours: (Cost & { p99Ms: number })[] = [];
      const theirs: Cost[] = [];
      for (let run = 0; run < runs; run += 1) {
        tell(`${task}, run ${run + 1}`);
        const measured = await onStage(async (stage) => {
          const cost = await measure(stage, task, files);
          return { ...cost, p99Ms: await healthWhile(context, stage, task, files) };
        });
        ours.push(measured);
        theirs.push(await runDuckdb(task, files[task], join(context.folder, 'out')));
      }
      figures.push(
        ...figuresOf(
          `${task}, ${rows.toLocaleString('en')} × ${rows.toLocaleString('en')}`,
          ours,
          theirs,
        ),
      );
    }
    return {
      figures,
      notes: [
        'Both days’ rows and the ledger (the day before, as CSV with `;`) differ in about a quarter of their positions. Ours ' +
          'reads the sealed spool and the sent ledger, compares in a thread, and gives the answer as NDJSON, to its last ' +
          'byte; memory is the process’s own (PSS), of a fresh gateway each time, over what it had after two seconds. DuckDB reads plain files, compares DECIMAL(38,6), finds no ' +
          'ratio, writes NDJSON, without its start; memory is the most that it had (RSS) over what it had before. ' +
          'p99 of `/health/live` is of a run of its own, asked every 5 ms.',
      ],
    };
  },
};

/** Two ready reports, and what DuckDB is given. */
async function prepare({ folder }: Context, stage: Stage): Promise<Files> {
  const [from, to, ledger] = ['from.ndjson', 'to.ndjson', 'ledger.csv'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  for (const [day, file] of [
    [DATE, from],
    [NEXT_DATE, to],
  ] as const) {
    const { id } = await makeReport(stage, 'TIB', day);
    await save(file, (take) => readAll(`${stage.url}/balances/${id}/rows?format=ndjson`, take));
  }
  const order = { processDate: DATE, breaks: {}, csvDecimal: '.' };
  const { body } = await request(`${stage.sandbox.url}/_sandbox/ledger`, {
    method: 'POST',
    headers: { accept: 'text/csv' },
    body: JSON.stringify(order),
  });
  await save(ledger, async (take) => {
    for await (const piece of body as AsyncIterable<Uint8Array>) take(piece);
  });
  return { changes: [from, to], check: [ledger, to] };
}

async function save(
  file: string,
  read: (take: (piece: Uint8Array) => void) => Promise<unknown>,
): Promise<void> {
  const sink = createWriteStream(file);
  await read((piece) => sink.write(piece));
  sink.end();
  await finished(sink);
}

/** Asks, and reads to the last byte. @returns how long it took. @throws Error unless 200. */
async function ask({ url }: Stage, task: Task, files: Files): Promise<number> {
  if (task === 'changes') {
    const query = `from=${DATE}&to=${NEXT_DATE}&format=ndjson`;
    return (await readAll(`${url}/balances/changes?${query}`)).ms;
  }
  const began = performance.now();
  const query = `processDate=${NEXT_DATE}&ledger=bench&format=ndjson`;
  const { statusCode, body } = await request(`${url}/balances/check?${query}`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv' },
    body: createReadStream(files.check[0]),
  });
  if (statusCode !== 200) throw new Error(`${statusCode}: ${await body.text()}`);
  await body.dump({ limit: Number.POSITIVE_INFINITY });
  return performance.now() - began;
}

async function measure(stage: Stage, task: Task, files: Files): Promise<Cost> {
  const { pid } = stage.gateway;
  await sleep(SETTLE_MS);
  const idleMB = memoryOf(pid).proportionalMB;
  let mostMB = idleMB;
  const sampler = setInterval(() => {
    mostMB = Math.max(mostMB, memoryOf(pid).proportionalMB);
  }, SAMPLE_EVERY_MS);
  try {
    const before = cpuMs(pid);
    const wallMs = await ask(stage, task, files);
    return { wallMs, cpuMs: cpuMs(pid) - before, memoryMB: mostMB - idleMB };
  } finally {
    clearInterval(sampler);
  }
}

async function healthWhile(
  { scope }: Context,
  stage: Stage,
  task: Task,
  files: Files,
): Promise<number> {
  const probe = await startProbe(scope, stage.url);
  const began = Date.now();
  await ask(stage, task, files);
  const seen = await probe();
  return quantile(
    seen.filter(([at]) => at >= began).map(([, ms]) => ms),
    0.99,
  );
}

async function runDuckdb(task: Task, files: readonly string[], into: string): Promise<Cost> {
  const program = [join(root, 'bench/peers/duckdb-compare.ts'), task, ...files, into];
  const { stdout } = await promisify(execFile)(process.execPath, program);
  return JSON.parse(stdout) as Cost;
}

function figuresOf(
  name: string,
  ours: readonly (Cost & { p99Ms: number })[],
  theirs: readonly Cost[],
): Figure[] {
  const figure = (what: string, unit: 'ms' | 'MB', field: keyof Cost): Figure => ({
    name: `${name}${what}`,
    unit,
    ours: ours.map((cost) => cost[field]),
    peers: [{ name: PEER, values: theirs.map((cost) => cost[field]) }],
  });
  const time = figure('', 'ms', 'wallMs');
  time.peers?.forEach((peer) => (peer.goal = TIME_GOAL));
  return [
    time,
    figure(', CPU', 'ms', 'cpuMs'),
    { ...figure(', memory over idle', 'MB', 'memoryMB'), goal: MEMORY_GOAL_MB },
    {
      name: `${name}, p99 of /health/live meanwhile`,
      unit: 'ms',
      ours: ours.map(({ p99Ms }) => p99Ms),
      goal: HEALTH_GOAL_MS,
    },
  ];
}
