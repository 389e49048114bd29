/** Makes an API key: shows it once, and prints the entry that lets it in. */
import { createHash, randomBytes } from 'node:crypto';
import { UsageError } from '../failures.ts';
import { say, type Shell } from '../shell.ts';

/** A prefix that secret scanners can be taught. */
const KEY_PREFIX = 'mksgw_';
const KEY_BYTES = 32;

export interface ApiKeyOptions {
  name: string;
  members: string;
  operator: boolean;
  auditor: boolean;
}

/**
 * @returns the key, and the entry as a line of JSON, with what they are for in the shell's language.
 * @throws UsageError that names every option with a mistake.
 */
export function makeApiKey(shell: Shell, options: ApiKeyOptions): string {
  const { name, operator, auditor } = options;
  const text = (en: string, tr: string): string => say(shell, { en, tr });
  const members = options.members.split(',').map((code) => code.trim());
  const mistakes: string[] = [];
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(name)) {
    mistakes.push(
      text(
        '--name must be 1 to 64 letters, digits, dots, dashes and underscores',
        '--name: 1–64 harf (a-z, A-Z), rakam, nokta, tire ve alt çizgi olmalı',
      ),
    );
  }
  if (!members.every((code) => /^[A-Z0-9]{3,8}$/.test(code))) {
    mistakes.push(
      text(
        '--members must be member codes with commas between them',
        '--members: virgülle ayrılmış üye kodları olmalı',
      ),
    );
  }
  if (mistakes.length > 0) throw new UsageError(mistakes.join('\n'));
  const key = KEY_PREFIX + randomBytes(KEY_BYTES).toString('base64url');
  const keySha256 = createHash('sha256').update(key).digest('hex');
  const entry = { name, keySha256, members: [...new Set(members)], operator, auditor };
  const theKey = text(
    'The key, shown this once; the caller sends it as "Authorization: Bearer <key>":',
    'Anahtar, yalnız bu kez gösterilir; çağıran "Authorization: Bearer <anahtar>" olarak gönderir:',
  );
  const theEntry = text(
    'The entry for "clients" in the API clients file:',
    'İstemciler dosyasındaki "clients" için kayıt:',
  );
  return `${theKey}\n\n${key}\n\n${theEntry}\n\n${JSON.stringify(entry)}`;
}
