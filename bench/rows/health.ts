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
/** Each with how often it is read: what is written slowly is looked at for as long. */
const READINGS = { ndjson: 4, xlsx: 1, parquet: 1 };

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
    const reading = Object.entries(READINGS).map(([format, times]) => {
      return { format, times, p99s: [] as number[] };
    });
    for (let run = 0; run < runs; run += 1) {
      tell(`run ${run + 1}`);
      const probe = await startProbe(scope, stage.url);
      const began = Date.now();
      await sleep(IDLE_MS);
      const idleUntil = Date.now();
      const { id, fetchedInMs } = await makeReport(stage);
      const ready = Date.now();
      const spans: [from: number, to: number][] = [];
      for (const { format, times } of reading) {
        const from = Date.now();
        for (let n = 0; n < times; n += 1) {
          await readAll(`${stage.url}/balances/${id}/rows?format=${format}`);
        }
        spans.push([from, Date.now()]);
      }
      const seen = await probe();
      const p99 = (from: number, to: number): number =>
        quantile(
          seen.filter(([at]) => at >= from && at < to).map(([, ms]) => ms),
          0.99,
        );
      // Its own first connections are not what is asked for.
      idle.push(p99(began + 1000, idleUntil));
      decoding.push(p99(ready - fetchedInMs, ready));
      for (const [at, [from, to]] of spans.entries()) reading[at]?.p99s.push(p99(from, to));
    }
    const size = `${rows.toLocaleString('en')} rows`;
    const peers = [{ name: 'idle', values: idle }];
    const figures: Figure[] = [
      { name: `p99, decoding ${size}`, unit: 'ms', ours: decoding, goal: GOAL_MS, peers },
      ...reading.map(({ format, p99s }): Figure => {
        const name = `p99, reading ${size} as ${format}`;
        return { name, unit: 'ms', ours: p99s, goal: GOAL_MS, peers };
      }),
    ];
    return { figures };
  },
};
