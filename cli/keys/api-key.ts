/** Makes an API key: shows it once, and prints the entry that lets it in. */
import { createHash, randomBytes } from 'node:crypto';
import { UsageError } from '../failures.ts';

/** A prefix that secret scanners can be taught. */
const KEY_PREFIX = 'mksgw_';
const KEY_BYTES = 32;

export interface ApiKeyOptions {
  name: string;
  members: string;
  operator: boolean;
  auditor: boolean;
}

/** @throws UsageError that names every option with a mistake. */
export function makeApiKey({ name, members: list, operator, auditor }: ApiKeyOptions): string {
  const members = list.split(',').map((code) => code.trim());
  const mistakes: string[] = [];
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(name)) {
    mistakes.push('--name must be 1 to 64 letters, digits, dots, dashes and underscores');
  }
  if (!members.every((code) => /^[A-Z0-9]{3,8}$/.test(code))) {
    mistakes.push('--members must be member codes with commas between them');
  }
  if (mistakes.length > 0) throw new UsageError(mistakes.join('\n'));
  const key = KEY_PREFIX + randomBytes(KEY_BYTES).toString('base64url');
  const keySha256 = createHash('sha256').update(key).digest('hex');
  const entry = { name, keySha256, members: [...new Set(members)], operator, auditor };
  return `The key, shown this once; the caller sends it as "Authorization: Bearer <key>":

${key}

The entry for "clients" in the API clients file:

${JSON.stringify(entry)}`;
}
