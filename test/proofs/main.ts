/**
 * Tries promises at full size and writes what came out into docs/proof.md: `npm run proof` all of them, `npm run proof
 * -- 5 20` these. `SEED=n` brings a run back. Each runs in a process of its own, so that none finds what another left
 * behind. Exits with 1 where a promise was not met or could not be tried.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Outcome, Proof } from './proof.ts';
import { rowOf, withRow } from './table.ts';

const FOLDER = new URL('./', import.meta.url);
const TABLE = new URL('../../docs/proof.md', import.meta.url);
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000_000);
const asked = process.argv.slice(2).map(Number);

if (process.env['PROOF'] === undefined) runEach();
else await tryOne(process.env['PROOF']);

function runEach(): void {
  const files = readdirSync(FOLDER).filter((name) => /^\d\d-.*\.ts$/.test(name));
  const chosen = files.filter(
    (name) => asked.length === 0 || asked.includes(Number.parseInt(name, 10)),
  );
  if (chosen.length < asked.length) throw new Error(`no proof for one of ${asked.join(', ')}`);
  for (const name of chosen.toSorted()) {
    const env = { ...process.env, PROOF: name, SEED: String(seed) };
    const { status } = spawnSync(process.execPath, [fileURLToPath(import.meta.url)], {
      env,
      stdio: 'inherit',
    });
    if (status !== 0) process.exitCode = 1;
  }
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
  writeFileSync(TABLE, withRow(readFileSync(TABLE, 'utf8'), row));
  // What a failed proof left running must not hold up the next.
  process.exit(outcome.met ? 0 : 1);
}
