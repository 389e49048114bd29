/**
 * `npm run bench`: what the gateway's work costs, each row beside a peer measured in the same run.
 *
 * `npm run bench` measures all and writes docs/benchmarks.md; `-- --quick` takes less than three minutes and
 * writes nothing; `-- calls joined` measures these rows alone, with `--write` for the page too; `-- --list`
 * names them. Needs Linux, a redis-server, and as peers 7z, jq and gojq on the PATH: what is missing is told.
 */
import { parseArgs } from 'node:util';
import { tellFailure, UsageError } from '../cli/failures.ts';
import { archive } from './rows/archive.ts';
import { calls } from './rows/calls.ts';
import { comparing } from './rows/comparing.ts';
import { greedy } from './rows/greedy.ts';
import { health } from './rows/health.ts';
import { joined } from './rows/joined.ts';
import { reading } from './rows/reading.ts';
import { scale } from './rows/scale.ts';
import { script } from './rows/script.ts';
import { signatures } from './rows/signatures.ts';
import { sizes } from './rows/sizes.ts';
import { start } from './rows/start.ts';
import { temporaryFolder } from './support/files.ts';
import { writeSection } from './support/document.ts';
import { circumstancesOf, sectionOf, type Outcome } from './support/report.ts';
import type { Row } from './support/row.ts';
import { createScope, type Scope } from './support/scope.ts';
import { keepBetweenStages } from './support/stage.ts';

const ROWS: readonly Row[] = [
  calls,
  joined,
  archive,
  reading,
  comparing,
  sizes,
  health,
  start,
  script,
  signatures,
  scale,
  greedy,
];
const USAGE = `Usage: npm run bench [-- [--quick] [--runs N] [--write] [--list] [ROW…]]
  ROW      ${ROWS.map(({ name }) => name).join(', ')}; all of them unless told
  --quick  smaller and shorter, less than three minutes in all
  --runs   how often each side is measured: 5, with --quick 2
  --write  puts the figures of these rows into docs/benchmarks.md, as a run of all rows does
  --list   says what each row measures, and measures nothing`;
const FULL_RUNS = 5;
const QUICK_RUNS = 2;

interface Request {
  rows: readonly Row[];
  runs: number;
  isQuick: boolean;
  isWritten: boolean;
  isList: boolean;
}

function readRequest(args: string[]): Request {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      runs: { type: 'string' },
    },
  });
  const unknown = positionals.filter((name) => !ROWS.some((row) => row.name === name));
  if (unknown.length > 0) throw new UsageError(`There is no row ${unknown.join(', ')}`);
  const runs = Number(values.runs ?? (values.quick ? QUICK_RUNS : FULL_RUNS));
  if (!Number.isInteger(runs) || runs < 1)
    throw new UsageError('--runs must be a number from 1 on');
  const isFull = !values.quick && runs >= FULL_RUNS;
  if (values.write && !isFull) throw new UsageError('--write wants reports and runs of full size');
  return {
    rows: positionals.length === 0 ? ROWS : ROWS.filter(({ name }) => positionals.includes(name)),
    runs,
    isQuick: values.quick,
    isWritten: isFull && (values.write || positionals.length === 0),
    isList: values.list,
  };
}

async function measure(row: Row, { runs, isQuick }: Request, outer: Scope): Promise<Outcome> {
  const scope = createScope();
  outer.after(() => scope.close());
  const tell = (text: string): void => console.error(`${row.name}: ${text}`);
  const began = performance.now();
  const circumstances = circumstancesOf(runs);
  try {
    const folder = temporaryFolder(scope);
    const result = await row.run({ runs, isQuick, folder, scope, tell });
    return { row, result, circumstances };
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    return { row, failure, circumstances };
  } finally {
    await scope.close();
    tell(`${Math.round((performance.now() - began) / 1000)} s in all`);
  }
}

async function measureAll(request: Request): Promise<void> {
  const scope = createScope();
  let isStopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (isStopping) return;
      isStopping = true;
      void scope.close().then(() => process.exit(130));
    });
  }
  keepBetweenStages(scope);
  const names = ROWS.map(({ name }) => name);
  for (const row of request.rows) {
    const outcome = await measure(row, request, scope);
    // Whoever stopped it closes everything and ends the process.
    if (isStopping) return;
    if (outcome.failure !== undefined) process.exitCode = 1;
    console.log(await sectionOf(outcome));
    // Each as it comes: half an hour is too long to be lost to the last row.
    if (request.isWritten) await writeSection(outcome, names);
  }
  await scope.close();
}

try {
  const request = readRequest(process.argv.slice(2));
  if (request.isList) for (const { name, what } of ROWS) console.log(`${name.padEnd(12)}${what}`);
  else await measureAll(request);
} catch (error) {
  process.exitCode = tellFailure(error, USAGE);
}
