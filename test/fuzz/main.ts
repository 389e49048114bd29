/**
 * Fuzzes the four parsers, or those named: `npm run fuzz -- archive`. `SECONDS=60` for each, `SEED=n` brings the same
 * changes back (archives are locked with other salts each time). What is wrong, and what reached a new outcome, is made
 * small and kept in test/fuzz/corpus/, where test/fuzz/fuzz.test.ts finds it. Exits with 1 where something was wrong.
 */
import { keep, shrunk } from './corpus.ts';
import { attempt, fuzz, type Told } from './run.ts';
import { targets } from './targets.ts';
import type { Target } from './target.ts';

const KEPT_MAX_BYTES = 4_096;
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000_000);
const seconds = Number(process.env['SECONDS'] ?? 60);
const names = process.argv.slice(2);
const unknown = names.find((name) => !targets.some((target) => target.name === name));
if (unknown !== undefined) throw new Error(`no target ${unknown}`);

for (const target of targets.filter(({ name }) => names.length === 0 || names.includes(name))) {
  console.log(`\n${target.name}: SEED=${seed} SECONDS=${seconds}`);
  const told = await fuzz(target, seed, seconds);
  show(told);
  await keepFresh(target, told);
  for (const { what, input } of told.failures)
    console.log(`\nWRONG, kept in ${keep(target.name, input)}:\n${what}`);
  if (told.failures.length > 0) process.exitCode = 1;
}

function show({ tries, outcomes, mostMs, mostMiB }: Told): void {
  console.log(
    `${tries} tries, ${Math.round(tries / seconds)} a second; at most ${mostMs.toFixed(0)} ms of the thread ` +
      `in one, ${mostMiB.toFixed(0)} MiB more in 32`,
  );
  for (const [kind, count] of [...outcomes].toSorted(([, one], [, other]) => other - one))
    console.log(`${String(count).padStart(9)}  ${kind}`);
}

async function keepFresh(target: Target, { fresh }: Told): Promise<void> {
  for (const { outcome, input } of fresh) {
    const small = await shrunk(input, async (each) =>
      (await attempt(target, each)).kinds.includes(outcome),
    );
    if (small.length > KEPT_MAX_BYTES) console.log(`new: ${outcome}, too large to be kept`);
    else
      console.log(`new: ${outcome}, kept in ${keep(target.name, small)} (${small.length} bytes)`);
  }
}
