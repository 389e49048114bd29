/** Sealing keys for tests: one that all gateways of a test's process share, as replicas do. */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newSealingKeyLine } from '../../src/config/sealing-keys.ts';
import { createSealer, type Sealer, type SealingSecret } from '../../src/state/sealing.ts';
import { temporaryFolder } from './folder.ts';

export function sealingSecret(id = 'one'): SealingSecret {
  return { id, secret: randomBytes(32) };
}

const secret = sealingSecret();
/** What one process seals, another with the same key opens. */
export const testSealer: Sealer = createSealer(() => [secret]);

/** Writes a file of keys, a new one unless lines are given. @returns its path. */
export async function sealingKeysFile(...lines: string[]): Promise<string> {
  const path = join(await temporaryFolder(), 'sealing.keys');
  const text = lines.length > 0 ? lines : [newSealingKeyLine(Date.now())];
  writeFileSync(path, `${text.join('\n')}\n`, { mode: 0o600 });
  return path;
}

let shared: Promise<string> | undefined;
/** The file that a gateway with a Redis of its own is given, unless its test names another. */
export function sharedSealingKeysFile(): Promise<string> {
  return (shared ??= sealingKeysFile());
}
