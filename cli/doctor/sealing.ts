/** The sealing keys, tried on what lies in Redis and in DATA_DIR/checks. */
import type { Redis } from 'ioredis';
import type { Configuration } from '../../src/config.ts';
import { findSealingFaults, sealingFaultText } from '../../src/operations/sealing-faults.ts';
import { createKeys } from '../../src/state/keys.ts';
import type { Sealer } from '../../src/state/sealing.ts';
import { failure, ok, warning, type Finding } from './finding.ts';

/** One finding for each key with which something is the matter, else one that all is well. */
export async function* examineSealing(
  redis: Redis,
  sealer: Sealer,
  { config, credentials }: Pick<Configuration, 'config' | 'credentials'>,
): AsyncGenerator<Finding> {
  const check = 'sealing-keys';
  const of = {
    redis,
    keys: createKeys(),
    dataDir: config.dataDir,
    sealer,
    members: () => [...credentials.members.keys()],
  };
  const faults = await findSealingFaults(of);
  for (const fault of faults) {
    const { en, tr } = sealingFaultText(fault);
    // What a lost key sealed is gone in the end; nobody gives an old name to a new key on purpose.
    const found = fault.fault === 'missing' ? warning : failure;
    yield { check, ...found('operator', en, tr) };
  }
  if (faults.length === 0) {
    yield { check, ...ok('they open what is kept', 'saklananları açıyorlar') };
  }
}
