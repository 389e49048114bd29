/** A new line for the sealing keys file. */
import { newSealingKeyLine } from '../../src/config/sealing-keys.ts';

export function makeSealingKey(): string {
  return newSealingKeyLine(Date.now());
}
