/** The members file: who signs, with which key, and how they log in. */
import { dirname, resolve } from 'node:path';
import { Type, type Static } from 'typebox';
import type { Member } from '../lib/credentials.ts';
import {
  filePath,
  identityFields,
  noteShared,
  readIdentity,
  signerField,
  type IdentityReading,
  type Owners,
} from './identities.ts';
import type { Hsms } from '../lib/hsm.ts';
import type { Localised } from '../lib/localised.ts';
import { isCalendarDay, parseInstant, toIstanbulTimestamp } from '../lib/dates.ts';
import type { Place } from './findings.ts';
import { readJson, readSecretLine } from './files.ts';
import { fits, hasShape, told } from './shape.ts';
import { defined } from '../lib/defined.ts';

const TIME_HINT = [
  'must be a time such as 2026-12-01T00:00:00+03:00',
  'şunun gibi bir zaman olmalı: 2026-12-01T00:00:00+03:00',
] as const;

const memberSchema = Type.Object(
  {
    memberCode: Type.String({
      pattern: '^[A-Z0-9]{3,8}$',
      ...told(
        'must be 3 to 8 capital letters A-Z and digits',
        '3–8 büyük harf A-Z ve rakam olmalı',
      ),
    }),
    userCode: Type.String({
      pattern: '^[A-Z0-9]{3,10}$',
      ...told(
        'must be 3 to 10 capital letters A-Z and digits',
        '3–10 büyük harf A-Z ve rakam olmalı',
      ),
    }),
    passwordFile: filePath(),
    passwordChangedOn: Type.Optional(
      Type.String(told('must be a date, YYYY-MM-DD', 'tarih olmalı, YYYY-AA-GG')),
    ),
    referencePrefix: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9_.-]{1,32}$',
        ...told(
          'must be 1 to 32 letters, digits, dots, dashes and underscores',
          '1–32 harf, rakam, nokta, tire ve alt çizgi olmalı',
        ),
      }),
    ),
    ...identityFields,
    next: Type.Optional(
      Type.Object(
        {
          ...identityFields,
          validFrom: Type.String(told(...TIME_HINT)),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);

const membersFileSchema = Type.Object(
  { members: Type.Array(memberSchema, { minItems: 1 }) },
  { additionalProperties: false },
);

type MemberEntry = Static<typeof memberSchema>;

const DEFAULT_REFERENCE_PREFIX = 'GW';

/**
 * Reads the members file and every file that it names, relative to it.
 * @param hsms where keys lie that are in no file.
 * @returns the members that could be read whole; the others' mistakes are noted.
 */
export function readMembers(
  file: string,
  place: Place,
  nowMs: number,
  hsms: Hsms,
): Map<string, Member> {
  const members = new Map<string, Member>();
  const json = readJson(file, place);
  if (json === undefined) return members;
  const { value } = json;
  const isWhole = hasShape(membersFileSchema, value, place);
  const entries = isWhole ? value.members : legibleEntries(value);
  const seen = new Set<string>();
  const owners: Owners = new Map();
  const reading = { directory: dirname(file), hsms };
  for (const [index, entry] of entries.entries()) {
    if (entry === undefined) continue;
    const at = place.at('members').at(index);
    if (seen.has(entry.memberCode))
      at.at('memberCode').mistake("is another member's too", 'başka birinde de var');
    seen.add(entry.memberCode);
    const member = readMember(entry, reading, at, nowMs);
    if (member === undefined) continue;
    noteShared(member, owners, at);
    if (isWhole) members.set(member.memberCode, member);
  }
  return members;
}

/**
 * What can be checked of entries although the file's shape is wrong somewhere: the files that they
 * name are read all the same, so that every mistake is told at once.
 */
function legibleEntries(file: unknown): (MemberEntry | undefined)[] {
  const list = (file as { members?: unknown } | null)?.members;
  if (!Array.isArray(list)) return [];
  return list.map((entry: unknown, index) => {
    const fields = Object.entries(typeof entry === 'object' && entry !== null ? entry : {});
    const texts = Object.fromEntries(fields.filter(([, value]) => typeof value === 'string'));
    const { signer } = Object.fromEntries(fields);
    const source = fits(signerField, signer) ? { signer } : {};
    const isLegible = ['passwordFile', 'certificateFile'].every(
      (name) => texts[name] !== undefined && texts[name] !== '',
    );
    // Its shape has been told of.
    if (!isLegible || (signer !== undefined && !('signer' in source))) return undefined;
    // An entry without a legible code is nobody's double.
    return { memberCode: `#${index}`, ...texts, ...source } as MemberEntry;
  });
}

function readMember(
  entry: MemberEntry,
  reading: IdentityReading,
  place: Place,
  nowMs: number,
): Member | undefined {
  const { passwordChangedOn } = entry;
  const password = readPassword(
    resolve(reading.directory, entry.passwordFile),
    place.at('passwordFile').of(entry.memberCode),
  );
  if (passwordChangedOn !== undefined && !isPastDate(passwordChangedOn, nowMs)) {
    place
      .at('passwordChangedOn')
      .mistake(
        'must be a date that exists, YYYY-MM-DD, not in future',
        'var olan ve gelecekte olmayan bir tarih olmalı, YYYY-AA-GG',
      );
  }
  if (!/99\d$/.test(entry.userCode ?? '')) {
    place
      .at('userCode')
      .warning(
        'user-code',
        'is no 99x user such as TIB991: MKK creates one for the integration',
        'TIB991 gibi bir 99x kullanıcısı değil: MKK entegrasyon için böyle birini açar',
      );
  }
  const next = readNext(entry, reading, place.at('next'), nowMs);
  // Once the next identity signs, it no longer matters that the present one runs out.
  const retired = next !== undefined && next.validFrom <= nowMs;
  const identity = retired
    ? readIdentity(entry, reading, place, undefined, RETIRED)
    : readIdentity(entry, reading, place, nowMs);
  if (password === undefined) return undefined;
  return {
    memberCode: entry.memberCode,
    userCode: entry.userCode,
    password,
    referencePrefix: entry.referencePrefix ?? DEFAULT_REFERENCE_PREFIX,
    identity,
    ...defined({ passwordChangedOn, next }),
  };
}

/** MKS's rule for passwords: 6 to 10 characters with a digit, a letter and a symbol (MKS, auth). */
function readPassword(file: string, place: Place): string | undefined {
  const password = readSecretLine(file, place);
  if (password === undefined) return undefined;
  const length = Array.from(password).length;
  const holds = (pattern: RegExp): boolean => pattern.test(password);
  if (length < 6 || length > 10 || !holds(/\d/) || !holds(/\p{L}/u) || !holds(/[^\p{L}\p{N}\s]/u)) {
    place.mistake(
      'the password must have 6 to 10 characters with a digit, a letter and a symbol',
      'şifre 6–10 karakter olmalı; rakam, harf ve simge içermeli',
    );
  } else if (holds(/[\s\p{Cc}]/u)) {
    place.mistake(
      'the password holds white space or control characters',
      'şifre boşluk veya denetim karakteri içeriyor',
    );
  }
  return password;
}

function readNext(
  { next, memberCode }: MemberEntry,
  reading: IdentityReading,
  place: Place,
  nowMs: number,
): Member['next'] {
  if (next === undefined) return undefined;
  const validFrom = parseInstant(next.validFrom);
  if (validFrom === undefined) {
    place.at('validFrom').mistake(...TIME_HINT);
  }
  const fromMs = Math.max(validFrom ?? nowMs, nowMs);
  const consequence = fromMs > nowMs ? laterText(memberCode, fromMs) : undefined;
  const identity = readIdentity({ ...next, memberCode }, reading, place, fromMs, consequence);
  if (validFrom === undefined) return undefined;
  return { ...identity, validFrom };
}

/** What is told of a former identity's files, and of a coming one's. */
const RETIRED: Localised = {
  en: 'it signs no more: take it out of the file',
  tr: 'artık imza atmıyor: dosyadan çıkarın',
};

function laterText(memberCode: string, fromMs: number): Localised {
  const from = toIstanbulTimestamp(fromMs);
  return {
    en: `${memberCode} is shut off from ${from} on unless it is mended`,
    tr: `düzelmezse ${memberCode} ${from} anından sonra kapalı`,
  };
}

function isPastDate(text: string, nowMs: number): boolean {
  // The day may already have begun in Istanbul, three hours ahead of UTC.
  return isCalendarDay(text) && Date.parse(`${text}T00:00:00+03:00`) <= nowMs;
}
