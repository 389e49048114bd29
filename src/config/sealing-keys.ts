/**
 * The sealing keys file: a key a line, `<id>:<base64 of 32 random bytes>`. The first seals, all open.
 *
 * Beside the embedded Redis the file is made at the first start; replicas on a Redis of their own have to share one,
 * so there it is asked for.
 */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Logger } from 'pino';
import type { SealingSecret } from '../state/sealing.ts';
import type { Place } from './findings.ts';
import { readText } from './files.ts';

const SECRET_BYTES = 32;
const LINE = /^([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/]{43}=)$/;

/** Says where the keys are, as the settings do. */
export interface SealingKeysPlace {
  /** Absolute; empty where it had to be named and was not. */
  sealingKeysFile: string;
  /** The file is the gateway's own, to be made when the data folder is new. */
  makesSealingKeys: boolean;
  /** Absolute. */
  dataDir: string;
}

/** A new line for the file. Its id tells the day and nothing of the key. */
export function newSealingKeyLine(nowMs: number): string {
  const day = new Date(nowMs).toISOString().slice(0, 10).replaceAll('-', '');
  const id = `${day}-${randomBytes(3).toString('hex')}`;
  return `${id}:${randomBytes(SECRET_BYTES).toString('base64')}`;
}

/**
 * Reads the file.
 * @returns its keys; none where there is a mistake, or where the file is yet to be made.
 */
export function readSealingKeys(
  { sealingKeysFile: path, makesSealingKeys, dataDir }: SealingKeysPlace,
  place: Place,
): SealingSecret[] {
  if (path === '') return [];
  if (makesSealingKeys && !existsSync(path)) {
    if (hasRedisData(dataDir)) {
      place.mistake(
        `${path} is missing, and what lies in DATA_DIR is sealed under its keys: put it back. If it is lost for ` +
          'good, `npm run sealing-key` makes another; what was sealed cannot be read then',
        `${path} yok; DATA_DIR içindekiler onun anahtarlarıyla mühürlü: dosyayı geri koyun. Tümüyle kaybolduysa ` +
          '`npm run sealing-key` yenisini üretir; o zaman eskiden mühürlenenler okunamaz',
      );
    }
    return [];
  }
  const text = readText(path, place, { secret: true });
  return text === undefined ? [] : secretsOf(text, place);
}

/** What the embedded Redis has written: then this is not the first start. */
function hasRedisData(dataDir: string): boolean {
  const folder = join(dataDir, 'redis');
  return (
    existsSync(folder) && readdirSync(folder).some((name) => /aof|appendonly|\.rdb$/.test(name))
  );
}

function secretsOf(text: string, place: Place): SealingSecret[] {
  const secrets: SealingSecret[] = [];
  const seen = new Set<string>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const [, id, key] = LINE.exec(line.trim()) ?? [];
    if (id === undefined || key === undefined) {
      place.mistake(
        `line ${index + 1} is no sealing key: \`npm run sealing-key\` prints one`,
        `${index + 1}. satır mühür anahtarı değil: \`npm run sealing-key\` bir tane yazar`,
      );
      continue;
    }
    if (seen.has(id) || seen.has(key)) {
      place.mistake(
        `line ${index + 1} has the id or the key of a line before`,
        `${index + 1}. satırdaki ad veya anahtar daha önce de var`,
      );
    }
    seen.add(id).add(key);
    secrets.push({ id, secret: Buffer.from(key, 'base64') });
  }
  if (secrets.length === 0) place.mistake('holds no sealing key', 'içinde mühür anahtarı yok');
  return secrets;
}

/** The keys to start with: those that were read, or a new file's. */
export function sealingKeysAtStart(
  { config, sealingKeys }: { config: SealingKeysPlace; sealingKeys: SealingSecret[] },
  nowMs: number,
  log: Pick<Logger, 'info'>,
): SealingSecret[] {
  if (sealingKeys.length > 0) return sealingKeys;
  const { sealingKeysFile: file } = config;
  log.info({ file }, 'making the sealing keys: without this file nothing that is kept can be read');
  return makeSealingKeysFile(file, nowMs);
}

/**
 * Makes the file with its first key, for its owner alone.
 * @throws when it is there already or cannot be written.
 */
export function makeSealingKeysFile(path: string, nowMs: number): SealingSecret[] {
  const line = newSealingKeyLine(nowMs);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, `${line}\n`);
    // What is sealed under it must not outlive it.
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  const [id = '', key = ''] = line.split(':');
  return [{ id, secret: Buffer.from(key, 'base64') }];
}
