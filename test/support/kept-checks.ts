/** Kept checks in a folder of the test's own. */
import { pino } from 'pino';
import type { Cleanup } from './cleanup.ts';
import { createKeptChecks, type KeptChecks } from '../../src/reconciliation/kept/kept-checks.ts';
import type { Clock } from '../../src/lib/clock.ts';
import type { Sealer } from '../../src/state/sealing.ts';
import { temporaryFolder } from './folder.ts';
import { testSealer } from './sealing.ts';

interface Options {
  folder: string;
  clock: Pick<Clock, 'now'>;
  retentionDays: number;
  sealer: Sealer;
}

export async function keptChecksFor(
  t: Cleanup,
  options: Partial<Options> = {},
): Promise<KeptChecks> {
  const kept = createKeptChecks({
    folder: options.folder ?? (await temporaryFolder()),
    retentionDays: options.retentionDays ?? 400,
    sealer: options.sealer ?? testSealer,
    clock: options.clock ?? { now: () => Date.now() },
    log: pino({ level: 'silent' }),
  });
  t.after(() => kept.close());
  return kept;
}
