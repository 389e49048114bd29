/**
 * What is put in the place of modules when they are loaded: the edges of the world, and one mutant. Imported before
 * anything that is tried.
 *
 * The world ends at the socket to MKS, at MKK's signature, at the disk and at the archive; what waits there has tests of
 * its own. BullMQ keeps time by itself, in Redis and here, so jobs are handed out by a queue that does so by the world's.
 *
 * Not in it, and tried elsewhere: notices and the folder of a standing order (test/e2e/standing-days.test.ts), a Redis that
 * loses its data (test/e2e/crash.test.ts), sealing keys that are lost (test/e2e/lost-key.test.ts), members that cannot sign
 * or are taken out (test/e2e/shut-off.test.ts, test/e2e/live.test.ts).
 */
import { registerHooks } from 'node:module';
import { exchanged, findMutant } from './mutants.ts';

const EDGES: Record<string, string> = {
  bullmq: 'bullmq.ts',
  'jose/errors': 'jose.ts',
  'jose/jws/compact/verify': 'jose.ts',
  './transport.ts': 'transport.ts',
  './spool/spool.ts': 'spool.ts',
  './decoding/decode.ts': 'decode.ts',
  '../rows/read/index.ts': 'archive.ts',
};
const OURS = new URL('../../src/', import.meta.url).href;
const missing = new Set(Object.keys(EDGES));
const mutant = findMutant(process.env['MODEL_MUTANT']);
let isChanged = mutant === undefined || mutant.lua === true;

registerHooks({
  resolve(specifier, context, next) {
    const edge = context.parentURL?.startsWith(OURS) === true ? EDGES[specifier] : undefined;
    if (edge === undefined) return next(specifier, context);
    missing.delete(specifier);
    return { url: new URL(`edges/${edge}`, import.meta.url).href, shortCircuit: true };
  },
  load(url, context, next) {
    const loaded = next(url, context);
    if (mutant === undefined || mutant.lua === true || !url.endsWith(mutant.file)) return loaded;
    isChanged = true;
    const { source: bytes } = loaded;
    const before = typeof bytes === 'string' ? bytes : Buffer.from(bytes as Uint8Array).toString();
    const source = exchanged(before, mutant);
    if (source === before) throw new Error(`${mutant.file} has not: ${mutant.from}`);
    return { ...loaded, source };
  },
});

/** @throws Error when an edge is in nobody's place, or the file that the mutant changes was not loaded. */
export function checkLoaded(): void {
  if (missing.size > 0) throw new Error(`nobody imports ${[...missing].join()}`);
  if (!isChanged) throw new Error(`${mutant?.file} was not loaded`);
}
