/** P4: from "MKS has it" to ready, sealed and readable, beside those who only unpack and parse. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { defined } from '../../src/lib/defined.ts';
import { ARCHIVE_PASSWORD, makeArchive } from '../support/archives.ts';
import { missing, timed, type Timed } from '../support/peers.ts';
import { cpuMs, root } from '../support/programs.ts';
import { makeReport } from '../support/reports.ts';
import type { Context, Figure, Peer, Row } from '../support/row.ts';
import { createScope } from '../support/scope.ts';
import { startStage } from '../support/stage.ts';

const UNPACK = '7z x -so "-p$1" "$2"';
/** Archives as MKK may lock them, each with how many times 7z's time ours may be at most. */
const LOCKS = [
  ['zipcrypto', 'ZipCrypto', 4],
  ['aes-256', 'AES-256', 6],
] as const;

interface Rival {
  name: string;
  lacks: string | undefined;
  goal?: number;
  run(): Promise<Timed>;
}

export const archive: Row = {
  name: 'archive',
  what: 'P4: a report that MKS has → ready, sealed, readable',
  peer: '7z, 7z into jq and into gojq, DuckDB on one thread',
  async run(context) {
    const rows = context.isQuick ? 100_000 : 1_000_000;
    const figures: Figure[] = [];
    for (const [encryption, name, goal] of LOCKS) {
      context.tell(name);
      const path = join(context.folder, `${encryption}.zip`);
      const plain = join(context.folder, `${encryption}.json`);
      await makeArchive(path, plain, rows, encryption);
      const rivals = await rivalsOf(path, plain, goal);
      figures.push(...(await compare(context, rows, encryption, name, rivals)));
    }
    return {
      figures,
      notes: [
        'Ours downloads, verifies, unlocks, inflates, reads each row, compresses, seals and syncs; from the ' +
          'first request for the file to the answer that says `ready`. 7z unlocks and inflates into nothing; jq ' +
          'and gojq also parse; DuckDB reads the file as it is inside and writes NDJSON.',
      ],
    };
  },
};

async function compare(
  { runs, scope: outer, tell }: Context,
  rows: number,
  encryption: string,
  name: string,
  rivals: Rival[],
): Promise<Figure[]> {
  const scope = createScope();
  outer.after(() => scope.close());
  const sandbox = { SANDBOX_ROWS: String(rows), SANDBOX_SHAPE_ENCRYPTION: encryption };
  const stage = await startStage(scope, { sandbox });
  // The first one compiles.
  await makeReport(stage);
  const wall = figureOf(`${name}, ${rows.toLocaleString('en')} rows`, rivals, true);
  const cpu = figureOf(`${name}, CPU`, rivals, false);
  for (let run = 0; run < runs; run += 1) {
    tell(`${name}, run ${run + 1}`);
    const before = cpuMs(stage.gateway.pid);
    const { fetchedInMs, rowCount } = await makeReport(stage);
    if (rowCount !== rows) throw new Error(`${rowCount} rows came`);
    wall.ours.push(fetchedInMs);
    cpu.ours.push(cpuMs(stage.gateway.pid) - before);
    for (const [index, rival] of rivals.entries()) {
      if (rival.lacks !== undefined) continue;
      const took = await rival.run();
      wall.peers[index]?.values.push(took.wallMs);
      cpu.peers[index]?.values.push(took.cpuMs);
    }
  }
  await scope.close();
  return [wall, cpu];
}

function figureOf(name: string, rivals: Rival[], hasGoals: boolean) {
  const peers = rivals.map(({ name: peer, lacks, goal }): Peer => {
    const told = defined({ missing: lacks });
    return { name: peer, values: [], ...told, ...(hasGoals && goal !== undefined ? { goal } : {}) };
  });
  return { name, unit: 'ms' as const, ours: [] as number[], peers };
}

async function rivalsOf(path: string, plain: string, goal: number): Promise<Rival[]> {
  const unpack = (into: string) => () => timed(`${UNPACK} ${into}`, ARCHIVE_PASSWORD, path);
  const sevenZip = await missing('7z');
  return [
    { name: '7z', lacks: sevenZip, goal, run: unpack('> /dev/null') },
    {
      name: '7z into jq',
      lacks: await missing('7z', 'jq'),
      goal: 0.2,
      run: unpack("| jq -c '.[]' > /dev/null"),
    },
    {
      name: '7z into gojq',
      lacks: await missing('7z', 'gojq'),
      run: unpack("| gojq -c '.[]' > /dev/null"),
    },
    {
      name: 'DuckDB',
      lacks: await missingDuckdb(),
      run: () => runDuckdb(plain, `${plain}.ndjson`),
    },
  ];
}

async function missingDuckdb(): Promise<string | undefined> {
  try {
    await import('@duckdb/node-api');
    return undefined;
  } catch {
    return 'DuckDB has no build for this machine, or is not installed';
  }
}

async function runDuckdb(from: string, into: string): Promise<Timed> {
  const program = [join(root, 'bench/peers/duckdb.ts'), from, into];
  const { stdout } = await promisify(execFile)(process.execPath, program);
  return JSON.parse(stdout) as Timed;
}
