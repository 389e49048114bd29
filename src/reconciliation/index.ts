/** What balances are fetched for: what changed, and whether it is the caller's; the parts put together. */
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Clock } from '../lib/clock.ts';
import type { Desk } from '../reports/types.ts';
import type { Sealer } from '../state/sealing.ts';
import { type Changes, createChanges } from './changes.ts';
import { type Checks, createChecks } from './checks.ts';
import { createKeptChecks } from './kept/kept-checks.ts';
import { checksFolder } from './kept/names.ts';

export { sampleChecks } from './kept/samples.ts';

interface ReconciliationDeps {
  desk: Pick<Desk, 'rowFiles'>;
  /** MKS's answer to a message of the member's as it was signed, as far as there is one. */
  answerTo: (member: string, senderReference: string) => Promise<string | undefined>;
  config: { dataDir: string; checkRetentionDays: number };
  sealer: Sealer;
  clock: Pick<Clock, 'now'>;
  log: Logger;
}

export interface Reconciliation {
  changes: Changes;
  checks: Checks;
  close(): void;
}

export function createReconciliation(deps: ReconciliationDeps): Reconciliation {
  const { desk, answerTo, config, sealer, clock, log } = deps;
  const folder = join(config.dataDir, 'scratch');
  const kept = createKeptChecks({
    folder: checksFolder(config.dataDir),
    retentionDays: config.checkRetentionDays,
    sealer,
    clock,
    log,
  });
  return {
    changes: createChanges(desk, folder),
    checks: createChecks({ desk, kept, answerTo, folder }),
    close: () => kept.close(),
  };
}
