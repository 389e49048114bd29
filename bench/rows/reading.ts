/** P5: reading a large report again in each format, beside the same bytes from a plain file by a bare stream. */
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { formats } from '../../src/rows/formats/index.ts';
import { readAll } from '../support/callers.ts';
import { startBare } from '../support/peers.ts';
import { cpuMs } from '../support/programs.ts';
import { makeReport } from '../support/reports.ts';
import type { Figure, Row } from '../support/row.ts';
import { startStage } from '../support/stage.ts';

const PEER = 'plain file, bare Fastify';
const NDJSON_GOAL = 1.5;
const GOAL = 3;
/** Reports up to this many rows are answered from memory (docs/ARCHITECTURE.md); these must not be. */
const CACHED_ROWS = 50_000;

export const reading: Row = {
  name: 'reading',
  what: 'P5: reading a large ready report again, from the sealed spool',
  peer: 'the plain file through a bare Fastify stream',
  async run({ runs, isQuick, scope, folder, tell }) {
    const rows = isQuick ? 4 * CACHED_ROWS : 1_000_000;
    const stage = await startStage(scope, { sandbox: { SANDBOX_ROWS: String(rows) } });
    const peer = await startBare(scope, 'fastify');
    const { id } = await makeReport(stage);
    const figures: Figure[] = [];
    for (const { name: format } of formats) {
      tell(format);
      const url = `${stage.url}/balances/${id}/rows?format=${format}`;
      const file = join(folder, `rows.${format}`);
      const bytes = await save(url, file);
      const plain = `${peer.url}/file?path=${encodeURIComponent(file)}`;
      await readAll(plain);
      const wall = { ours: [] as number[], theirs: [] as number[] };
      const cpu = { ours: [] as number[], theirs: [] as number[] };
      for (let run = 0; run < runs; run += 1) {
        for (const [side, target, pid] of [
          ['ours', url, stage.gateway.pid],
          ['theirs', plain, peer.program.pid],
        ] as const) {
          const before = cpuMs(pid);
          const read = await readAll(target);
          if (read.bytes !== bytes) throw new Error(`${read.bytes} bytes, not ${bytes}`);
          wall[side].push(read.ms);
          cpu[side].push(cpuMs(pid) - before);
        }
      }
      const title = `${format}, ${rows.toLocaleString('en')} rows, ${Math.round(bytes / 1e6)} MB`;
      const goal = format === 'ndjson' ? NDJSON_GOAL : GOAL;
      figures.push(
        {
          name: title,
          unit: 'ms',
          ours: wall.ours,
          peers: [{ name: PEER, values: wall.theirs, goal }],
        },
        {
          name: `${format}, server CPU`,
          unit: 'ms',
          ours: cpu.ours,
          peers: [{ name: PEER, values: cpu.theirs }],
        },
      );
    }
    return { figures };
  },
};

/** The first reading, which nobody times, becomes the peer's file. @returns its bytes. */
async function save(url: string, file: string): Promise<number> {
  const sink = createWriteStream(file);
  const { bytes } = await readAll(url, (piece) => sink.write(piece));
  sink.end();
  await finished(sink);
  return bytes;
}
