/** What one client that asks without end takes from another: reads beside its flood, and without it, in turns. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { cpuMs, startNode, written } from '../support/programs.ts';
import { AUTHORIZED, makeReport } from '../support/reports.ts';
import type { Context, Figure, Row } from '../support/row.ts';
import { API_KEY, startStage, type Stage } from '../support/stage.ts';
import { quantile } from '../support/stats.ts';

const GREEDY_KEY = 'mksgw_greedy';
/** Asks at once: one of a script, and one of a whole farm. */
const CROWDS = [4, 64];
const LOOK_EVERY_MS = 10;
const SETTLE_MS = 500;
const GOAL = 2;
const QUEUE_LIMIT = 1_000;

export const greedy: Row = {
  name: 'greedy',
  what: 'Reading 100 rows every 10 ms while another client, its queue full, asks without end',
  peer: 'the same reads without the other client, in turns',
  async run(context) {
    const { runs, isQuick, tell } = context;
    const stage = await startGreedyStage(context);
    const { id } = await makeReport(stage);
    await fillQueue(context, stage);
    const read = createReader(context, stage, id);
    const looks = isQuick ? 200 : 600;
    await read(looks);
    const sides = CROWDS.map((atOnce) => ({ atOnce, ...figuresOf(atOnce) }));
    for (let run = 0; run < runs; run += 1) {
      tell(`run ${run + 1}`);
      for (const { atOnce, beside, alone, cpu, rate } of sides) {
        const without = await read(looks);
        alone.push(without.p99);
        const flood = await startFlood(context, stage, atOnce);
        await sleep(SETTLE_MS);
        const floodBegan = performance.now() - SETTLE_MS;
        const within = await read(looks);
        const floodMs = performance.now() - floodBegan;
        beside.push(within.p99);
        cpu.push(within.cpuPerSecond - without.cpuPerSecond);
        rate.push((await flood()) / (floodMs / 1000));
      }
    }
    return {
      figures: sides.flatMap(({ figures }) => figures),
      notes: [
        'Every answer to the flood was `429`; it comes back at once, whatever `Retry-After` says.',
      ],
    };
  },
};

function figuresOf(atOnce: number) {
  const [beside, alone, cpu, rate]: [number[], number[], number[], number[]] = [[], [], [], []];
  const crowd = `${atOnce} asks at once`;
  const peers = [{ name: 'without the flood', values: alone, goal: GOAL }];
  const figures: Figure[] = [
    { name: `p99 of a read, ${crowd}`, unit: 'ms', ours: beside, peers },
    { name: `CPU of the gateway for the flood, ${crowd}`, unit: 'ms/s', ours: cpu },
    { name: `refused, ${crowd}`, unit: 'requests/s', ours: rate },
  ];
  return { beside, alone, cpu, rate, figures };
}

/** A client of its own for the flood; MKS makes no report but the first, so that the queue stays full. */
async function startGreedyStage({ scope, folder }: Context): Promise<Stage> {
  const file = join(folder, 'clients.json');
  const clients = [
    ['bench', API_KEY],
    ['greedy', GREEDY_KEY],
  ].map(([name = '', key = '']) => ({
    name,
    keySha256: createHash('sha256').update(key).digest('hex'),
    members: ['TIB'],
    queueLimit: QUEUE_LIMIT,
  }));
  writeFileSync(file, JSON.stringify({ clients }), { mode: 0o600 });
  const environment = { API_CLIENTS_FILE: file };
  return startStage(scope, { sandbox: { SANDBOX_ROWS: '100' }, gateway: environment });
}

async function fillQueue(context: Context, stage: Stage): Promise<void> {
  const fault = { name: 'code', code: 'RP022', service: 'async-report-status', times: -1 };
  await fetch(`${stage.sandbox.url}/_sandbox/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fault),
  });
  const flood = await startFlood(context, stage, 4);
  const headers = { authorization: `Bearer ${GREEDY_KEY}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ processDate: '20260302', refresh: true });
  for (let status = 0; status !== 429; await sleep(100)) {
    const ask = { method: 'POST', headers: { ...headers, prefer: 'respond-async' }, body };
    const response = await fetch(`${stage.url}/balances`, ask);
    await response.bytes();
    ({ status } = response);
  }
  await flood(true);
}

/** @returns ends the flood and gives how many asks were refused. */
async function startFlood({ scope }: Context, { url }: Stage, atOnce: number) {
  const args = ['bench/support/flood.ts', url, GREEDY_KEY, String(atOnce)];
  const flood = startNode(scope, args, {});
  await written(flood, /asking/);
  return async (isFilling = false): Promise<number> => {
    await flood.stop();
    const [, json = '{}'] = /^ASKED (.*)$/m.exec(flood.output()) ?? [];
    const { 429: refused = 0, ...others } = JSON.parse(json) as Record<string, number>;
    if (!isFilling && Object.keys(others).length > 0) throw new Error(`answered with ${json}`);
    return refused;
  };
}

/** Reads are due at fixed times and count from then: one that is late must not hide the next. */
function createReader({ scope }: Context, { url, gateway }: Stage, id: string) {
  const pool = new Pool(url, { connections: 32, pipelining: 1 });
  scope.after(() => pool.close());
  const readOnce = async (due: number): Promise<number> => {
    const path = `/balances/${id}/rows`;
    const { statusCode, body } = await pool.request({ method: 'GET', path, headers: AUTHORIZED });
    await body.dump();
    if (statusCode !== 200) throw new Error(`a read was answered with ${statusCode}`);
    return performance.now() - due;
  };
  return async (count: number) => {
    const began = performance.now();
    const cpuBefore = cpuMs(gateway.pid);
    const reads: Promise<number>[] = [];
    for (let n = 0; n < count; n += 1) {
      const due = began + n * LOOK_EVERY_MS;
      await sleep(Math.max(0, due - performance.now()));
      reads.push(readOnce(due));
    }
    const p99 = quantile(await Promise.all(reads), 0.99);
    const elapsedMs = performance.now() - began;
    return { p99, cpuPerSecond: ((cpuMs(gateway.pid) - cpuBefore) / elapsedMs) * 1000 };
  };
}
