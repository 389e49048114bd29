/** P9: a report's rows in a caller's hands for the first time, beside the script that a team writes today. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cpuMs, startNode } from '../support/programs.ts';
import { contentAskedAtMs } from '../support/reports.ts';
import type { Figure, Row } from '../support/row.ts';
import { DATE, startStage, type Stage } from '../support/stage.ts';

const ROWS = 100_000;
const PEER = 'the script';
/** A fifth of the script's time. */
const GOAL = 0.2;

export const script: Row = {
  name: 'script',
  what: 'P9: 100,000 rows for the first time, from MKS having them to a caller’s JSON (CSV in ZipCrypto)',
  peer: 'a hand-written script: axios, jsonwebtoken, unzipper, csv-parse (`bench/peers/script.ts`)',
  async run({ runs, scope, folder, tell }) {
    const stage = await startStage(scope, {
      sandbox: { SANDBOX_ROWS: String(ROWS), SANDBOX_SHAPE_ENCRYPTION: 'zipcrypto' },
      gateway: { MKS_FILE_TYPE: 'csv' },
    });
    const wall = { ours: [] as number[], theirs: [] as number[] };
    const cpu = { ours: [] as number[], theirs: [] as number[] };
    await askOurs(stage);
    for (let run = 0; run < runs; run += 1) {
      tell(`run ${run + 1}`);
      const before = cpuMs(stage.gateway.pid);
      wall.ours.push(await askOurs(stage));
      cpu.ours.push(cpuMs(stage.gateway.pid) - before);
      const output = join(folder, 'rows.json');
      const began = startNode(
        scope,
        ['--import', './bench/support/tell-cpu.ts', 'bench/peers/script.ts', DATE, output],
        stage.sandbox.environment,
      );
      if ((await began.ended) !== 0) throw new Error(began.output());
      wall.theirs.push(Date.now() - (await contentAskedAtMs(stage.sandbox)));
      cpu.theirs.push(Number(/^CPU ([\d.]+)$/m.exec(began.output())?.[1]));
      const written = (JSON.parse(readFileSync(output, 'utf8')) as unknown[]).length;
      if (written !== ROWS) throw new Error(`the script wrote ${written} rows`);
    }
    const figures: Figure[] = [
      {
        name: 'from the archive at MKS to the rows',
        unit: 'ms',
        ours: wall.ours,
        peers: [{ name: PEER, values: wall.theirs, goal: GOAL }],
      },
      {
        name: 'CPU, from asking to the rows',
        unit: 'ms',
        ours: cpu.ours,
        peers: [{ name: `${PEER}, its start too`, values: cpu.theirs }],
      },
    ];
    return { figures };
  },
};

/** @returns how long it took from the first request for the file to the last byte of the answer, in ms. */
async function askOurs({ url, sandbox }: Stage): Promise<number> {
  const response = await fetch(`${url}/balances`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      prefer: 'wait=120',
      'accept-encoding': 'identity',
    },
    body: JSON.stringify({ processDate: DATE, refresh: true }),
  });
  const text = await response.text();
  const endedAtMs = Date.now();
  if (response.status !== 200) throw new Error(text.slice(0, 1000));
  const { rowCount } = JSON.parse(text) as { rowCount: number };
  if (rowCount !== ROWS) throw new Error(`${rowCount} rows came`);
  return endedAtMs - (await contentAskedAtMs(sandbox));
}
