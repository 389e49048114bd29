/** P7: how long `/health/live` takes while the gateway decodes and while it is read from. */
import { setTimeout as sleep } from 'node:timers/promises';
import { readAll } from '../support/callers.ts';
import { startProbe } from '../support/probe.ts';
import { makeReport } from '../support/reports.ts';
import type { Figure, Row } from '../support/row.ts';
import { startStage } from '../support/stage.ts';
import { quantile } from '../support/stats.ts';

const GOAL_MS = 15;
const IDLE_MS = 2000;
const READINGS = 4;

export const health: Row = {
  name: 'health',
  what: 'P7: p99 of `/health/live` while decoding and while reading, asked every 5 ms by a process of its own',
  peer: 'the same gateway, idle',
  async run({ runs, isQuick, scope, tell }) {
    const rows = isQuick ? 300_000 : 1_000_000;
    const stage = await startStage(scope, { sandbox: { SANDBOX_ROWS: String(rows) } });
    await makeReport(stage);
    const idle: number[] = [];
    const decoding: number[] = [];
    const reading: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      tell(`run ${run + 1}`);
      const probe = await startProbe(scope, stage.url);
      const began = Date.now();
      await sleep(IDLE_MS);
      const idleUntil = Date.now();
      const { id, fetchedInMs } = await makeReport(stage);
      const ready = Date.now();
      for (let n = 0; n < READINGS; n += 1) {
        await readAll(`${stage.url}/balances/${id}/rows?format=ndjson`);
      }
      const end = Date.now();
      const seen = await probe();
      const p99 = (from: number, to: number): number =>
        quantile(
          seen.filter(([at]) => at >= from && at < to).map(([, ms]) => ms),
          0.99,
        );
      // Its own first connections are not what is asked for.
      idle.push(p99(began + 1000, idleUntil));
      decoding.push(p99(ready - fetchedInMs, ready));
      reading.push(p99(ready, end));
    }
    const size = `${rows.toLocaleString('en')} rows`;
    const peers = [{ name: 'idle', values: idle }];
    const figures: Figure[] = [
      { name: `p99, decoding ${size}`, unit: 'ms', ours: decoding, goal: GOAL_MS, peers },
      { name: `p99, reading ${size}`, unit: 'ms', ours: reading, goal: GOAL_MS, peers },
    ];
    return { figures };
  },
};
