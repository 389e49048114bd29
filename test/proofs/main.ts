/**
 * Tries promises at full size and writes what came out into docs/proof.md: `npm run proof` all of them, `npm run proof
 * -- 5 20` these. `SEED=n` brings a run back. Each runs in a process of its own, so that none finds what another left
 * behind; two at a time, for many of them wait most of the time. Exits with 1 where a promise was not met or could not
 * be tried.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DOCUMENT, rewrite } from './document.ts';
import type { Outcome, Proof } from './proof.ts';
import { rowOf, tookSeconds, withRow } from './table.ts';

const FOLDER = new URL('./', import.meta.url);
const AT_ONCE = 2;
/** Compute all the while. They come last, for the soak judges by its own pace whether it stays as quick as it was. */
const BUSY = [8, 9, 10, 11, 13, 14, 15, 16, 18, 19, 21, 22, 23];
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000_000);
const asked = process.argv.slice(2).map(Number);

if (process.env['PROOF'] === undefined) await runEach();
else await tryOne(process.env['PROOF']);

async function runEach(): Promise<void> {
  const files = readdirSync(FOLDER).filter((name) => /^\d\d-.*\.ts$/.test(name));
  const chosen = files.filter((name) => asked.length === 0 || asked.includes(numberOfFile(name)));
  if (chosen.length < asked.length) throw new Error(`no proof for one of ${asked.join(', ')}`);
  const table = readFileSync(DOCUMENT, 'utf8');
  const took = (name: string): number => tookSeconds(table, numberOfFile(name));
  const isBusy = (name: string): number => Number(BUSY.includes(numberOfFile(name)));
  // What takes longest begins first, so that no lane is left with it alone at the end.
  const left = chosen
    .toSorted((one, other) => isBusy(one) - isBusy(other) || took(other) - took(one))
    .values();
  const lane = async (): Promise<void> => {
    for (const name of left) await runOne(name);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

async function runOne(name: string): Promise<void> {
  const env = { ...process.env, PROOF: name, SEED: String(seed) };
  const [self, stdio] = [fileURLToPath(import.meta.url), 'inherit'] as const;
  const [status] = (await once(spawn(process.execPath, [self], { env, stdio }), 'exit')) as [
    number,
  ];
  if (status !== 0) process.exitCode = 1;
}

function numberOfFile(name: string): number {
  return Number.parseInt(name, 10);
}

async function tryOne(name: string): Promise<void> {
  const { proof } = (await import(new URL(name, FOLDER).href)) as { proof: Proof };
  const started = performance.now();
  let outcome: Outcome;
  try {
    outcome = await proof.prove(seed);
  } catch (error) {
    console.error(error);
    outcome = { done: 'could not be tried', figure: String(error), met: false };
  }
  const row = rowOf(proof, outcome, seed, (performance.now() - started) / 1_000);
  console.log(row);
  rewrite((document) => withRow(document, row));
  // What a failed proof left running must not hold up the next.
  process.exit(outcome.met ? 0 : 1);
}
