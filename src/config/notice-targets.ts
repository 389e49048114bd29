/** Who is told by a notice: an address in the house and the secrets that sign for it (Standard Webhooks). */
import { resolve } from 'node:path';
import type { Place } from './findings.ts';
import { readText } from './files.ts';

/** Where notices go, and what signs them. */
export interface NoticeTarget {
  /** http or https, without a user. */
  url: string;
  /** Each signs; more than one while a secret is being exchanged, or where a text can be read in two ways. */
  secrets: readonly Buffer[];
}

const MAX_SECRETS = 2;
/** Standard Webhooks asks for 24 to 64 bytes; what is shorter than 16 is no secret. */
const LEAST_BYTES = 16;
const PREFIX = 'whsec_';

/** Reads the secrets that an entry names and checks its address. */
export function readNoticeTarget(
  { url, secretFile }: { url: string; secretFile: string },
  directory: string,
  place: Place,
): NoticeTarget {
  checkUrl(url, place.at('url'));
  return { url, secrets: readSecrets(resolve(directory, secretFile), place.at('secretFile')) };
}

function checkUrl(text: string, place: Place): void {
  const url = URL.parse(text);
  const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:';
  if (url === null || !isHttp || url.username !== '' || url.password !== '' || url.hash !== '') {
    place.mistake(
      'must be an http or https address without a user, a password or a fragment',
      'kullanıcı, şifre ve parça içermeyen bir http ya da https adresi olmalı',
    );
  }
}

function readSecrets(path: string, place: Place): Buffer[] {
  const text = readText(path, place, { secret: true });
  if (text === undefined) return [];
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length === 0 || lines.length > MAX_SECRETS) {
    place.mistake(
      'must hold a secret, or two while it is being exchanged, one a line',
      'bir sır, değiştirilirken iki sır içermeli, her satırda biri',
    );
  }
  const secrets = lines.map(readingsOf);
  if (secrets.some((readings) => readings.length === 0)) {
    place.mistake(
      'must hold whsec_ and base64, or another text, of 16 bytes or more',
      'whsec_ ile base64 ya da başka bir metin, en az 16 bayt olmalı',
    );
  }
  return secrets.flat();
}

/** `whsec_…` is base64. What has no prefix some receivers take for base64 and some for a text: it signs as both. */
function readingsOf(line: string): Buffer[] {
  const isMarked = line.startsWith(PREFIX);
  const body = isMarked ? line.slice(PREFIX.length) : line;
  const isBase64 = /^[A-Za-z0-9+/]+={0,2}$/.test(body) && body.length % 4 === 0;
  const readings = isBase64 ? [Buffer.from(body, 'base64')] : [];
  if (!isMarked) readings.push(Buffer.from(body));
  return readings.filter(({ length }) => length >= LEAST_BYTES);
}
