/** Reads the files that the configuration names. */
import { accessSync, constants, readFileSync, statSync, type Stats } from 'node:fs';
import type { Place } from './findings.ts';

/** No file of a configuration comes near it; a wrong path may. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;
const GROUP_AND_OTHERS = 0o077;
const OTHERS_AND_WRITING = 0o027;

interface ReadOptions {
  /** Warn when others than its owner may read the file. */
  secret: boolean;
}

/** The file's bytes; undefined, and a mistake noted, when it cannot be read. */
export function readBytes(path: string, place: Place, options: ReadOptions): Buffer | undefined {
  place.file(path);
  try {
    const status = statSync(path);
    if (!status.isFile()) {
      place.mistake(`${path} is not a file`, `${path} dosya değil`);
      return undefined;
    }
    if (status.size > MAX_FILE_BYTES) {
      const most = `${MAX_FILE_BYTES / 1024 / 1024} MB`;
      place.mistake(`${path} is larger than ${most}`, `${path} ${most}’tan büyük`);
      return undefined;
    }
    if (options.secret && isExposed(status)) {
      place.warning(
        'secret-files',
        `${path} holds a secret and is open to others than its owner: chmod 600`,
        `${path} gizli bilgi içeriyor ve sahibinden başkasına açık: chmod 600`,
      );
    }
    return readFileSync(path);
  } catch (error) {
    noteUnreadable(path, error, place);
    return undefined;
  }
}

/** Whether the file can be read by whoever reads it for us; a mistake is noted when it cannot. */
export function noteAccess(path: string, place: Place): boolean {
  place.file(path);
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch (error) {
    noteUnreadable(path, error, place);
    return false;
  }
}

/** The file as UTF-8 text without a byte-order mark. */
export function readText(path: string, place: Place, options: ReadOptions): string | undefined {
  const bytes = readBytes(path, place, options);
  if (bytes === undefined) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    place.mistake(`${path} is not UTF-8 text`, `${path} UTF-8 metin değil`);
    return undefined;
  }
}

/** A one-line secret: the text without the line end that editors put last. */
export function readSecretLine(path: string, place: Place): string | undefined {
  return readText(path, place, { secret: true })?.replace(/\r?\n$/, '');
}

/** The file's JSON value; undefined, and a mistake noted, when it cannot be read. */
export function readJson(path: string, place: Place): { value: unknown } | undefined {
  const text = readText(path, place, { secret: false });
  if (text === undefined) return undefined;
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    // The parser's message quotes the text; only the position may be told.
    const [position] = /\(line \d+ column \d+\)/.exec(String(error)) ?? [];
    const where = position === undefined ? '' : ` ${position}`;
    place.mistake(`${path} is not JSON${where}`, `${path} JSON değil${where}`);
    return undefined;
  }
}

/** A file of somebody else's, of root's as a rule, is lent to us through its group. */
function isExposed({ mode, uid }: Stats): boolean {
  const isOurs = uid === process.getuid?.();
  return (mode & (isOurs ? GROUP_AND_OTHERS : OTHERS_AND_WRITING)) !== 0;
}

function noteUnreadable(path: string, error: unknown, place: Place): void {
  const code = errorCode(error);
  place.mistake(`cannot read ${path} (${code})`, `${path} okunamıyor (${code})`);
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}
