/** Promise 23: a minute of inputs for each of the four parsers, descended from sound ones and those that were kept. */
import { readCorpus } from '../fuzz/corpus.ts';
import { fuzz, MOST_MIB, MOST_MS } from '../fuzz/run.ts';
import { targets } from '../fuzz/targets.ts';
import type { Outcome, Proof } from './proof.ts';

const SECONDS = 60;

export const proof: Proof = {
  number: 23,
  promise: 'no input breaks a parser',
  small: ['test/fuzz/fuzz.test.ts'],
  prove,
};

async function prove(seed: number): Promise<Outcome> {
  const tries: string[] = [];
  let [wrong, kept, kinds, mostMs, mostMiB] = [0, 0, 0, 0, 0];
  for (const target of targets) {
    const told = await fuzz(target, seed, SECONDS);
    for (const { what, input } of told.failures)
      console.error(`${target.name}: ${what}\n${input.toString('base64')}`);
    tries.push(`${target.name} ${told.tries.toLocaleString('en')}`);
    wrong += told.failures.length;
    kept += readCorpus(target.name).length;
    kinds += told.outcomes.size;
    mostMs = Math.max(mostMs, told.mostMs);
    mostMiB = Math.max(mostMiB, told.mostMiB);
  }
  return {
    done:
      `${SECONDS} s of changed inputs each (${tries.join(', ')}), and ${kept} kept ones: bytes, ranges, numbers, words of ` +
      'the format, splices; ledgers and rows cut in two ways, payloads changed before they are signed',
    figure:
      `${wrong} wrong of ${kinds} kinds of outcome: no error beside the catalogue, nothing read otherwise; at most ` +
      `${mostMs.toFixed(0)} ms of the thread in one (${MOST_MS} allowed), ${mostMiB.toFixed(0)} MiB more (${MOST_MIB})`,
    met: wrong === 0,
  };
}
