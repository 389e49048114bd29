/** The API clients file: who may call the gateway, with which keys and for which members. */
import { dirname } from 'node:path';
import { Type, type Static } from 'typebox';
import { QUEUE_LIMIT } from '../lib/queue-limit.ts';
import type { Place } from './findings.ts';
import { filePath } from './identities.ts';
import { readNoticeTarget, type NoticeTarget } from './notice-targets.ts';
import { readJson } from './files.ts';
import { hasShape, told } from './shape.ts';

export interface ApiClient {
  name: string;
  /** SHA-256 of each key that is good, 32 bytes; two while a key is being exchanged. */
  keyDigests: readonly Buffer[];
  /** Member codes. */
  members: readonly string[];
  /** May pause and resume members. */
  operator: boolean;
  /** May read the access trail. */
  auditor: boolean;
  /** How many of its reports may wait for their turn, of all its members together. */
  queueLimit: number;
  /** Whom it may have told by `notify`, by name. */
  notices: Readonly<Record<string, NoticeTarget>>;
}

const KEY_HINT = told(
  'must be the SHA-256 of a key, 64 hexadecimal digits, or a list of one or two',
  'bir anahtarın SHA-256 değeri olmalı: 64 onaltılık rakam, ya da bir iki tanesinin listesi',
);

const digest = () => Type.String({ pattern: '^[0-9A-Fa-f]{64}$', ...KEY_HINT });

const clientName = () =>
  Type.String({
    pattern: '^[A-Za-z0-9._-]{1,64}$',
    ...told(
      'must be 1 to 64 letters, digits, dots, dashes and underscores',
      '1–64 harf, rakam, nokta, tire ve alt çizgi olmalı',
    ),
  });

const clientSchema = Type.Object(
  {
    name: clientName(),
    keySha256: Type.Union([digest(), Type.Array(digest(), { minItems: 1, maxItems: 2 })], {
      ...KEY_HINT,
    }),
    members: Type.Array(Type.String(), { minItems: 1 }),
    operator: Type.Optional(Type.Boolean()),
    auditor: Type.Optional(Type.Boolean()),
    notices: Type.Optional(
      Type.Array(
        Type.Object(
          { name: clientName(), url: Type.String(), secretFile: filePath() },
          { additionalProperties: false },
        ),
      ),
    ),
    queueLimit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1_000_000,
        ...told(
          'must be a whole number from 1 to 1000000',
          '1 ile 1000000 arasında bir tam sayı olmalı',
        ),
      }),
    ),
  },
  { additionalProperties: false },
);

const clientsFileSchema = Type.Object(
  { clients: Type.Array(clientSchema, { minItems: 1 }) },
  { additionalProperties: false },
);

/**
 * Reads the API clients file.
 * @param memberCodes the members that exist; undefined when the members file could not be read.
 */
export function readClients(
  file: string,
  place: Place,
  memberCodes: ReadonlySet<string> | undefined,
): ApiClient[] {
  const json = readJson(file, place);
  if (json === undefined) return [];
  const { value } = json;
  const entries = hasShape(clientsFileSchema, value, place) ? value.clients : legibleOf(value);
  const names = new Set<string>();
  const owners = new Map<string, string>();
  return entries.map((entry, index) => {
    const at = place.at('clients').at(index);
    if (entry.name !== '' && names.has(entry.name)) {
      at.at('name').mistake("is another client's too", 'başka birinde de var');
    }
    names.add(entry.name);
    const keys = [entry.keySha256].flat().map((key) => key.toLowerCase());
    for (const key of keys) {
      if (owners.has(key))
        at.at('keySha256').mistake(
          'holds a key that is listed before',
          'daha önce yazılmış bir anahtar içeriyor',
        );
      owners.set(key, entry.name);
    }
    for (const [position, code] of entry.members.entries()) {
      if (memberCodes !== undefined && !memberCodes.has(code)) {
        at.at('members').at(position).mistake('is not in the members file', 'üye dosyasında yok');
      }
    }
    return {
      name: entry.name,
      keyDigests: keys.map((key) => Buffer.from(key, 'hex')),
      members: [...new Set(entry.members)],
      operator: entry.operator ?? false,
      auditor: entry.auditor ?? false,
      queueLimit: entry.queueLimit ?? QUEUE_LIMIT,
      notices: readNotices(entry.notices ?? [], dirname(file), at.at('notices')),
    };
  });
}

function readNotices(
  entries: readonly { name: string; url: string; secretFile: string }[],
  directory: string,
  place: Place,
): ApiClient['notices'] {
  const targets = entries.map((entry, index) => {
    const at = place.at(index);
    if (entries.findIndex(({ name }) => name === entry.name) < index) {
      at.at('name').mistake("is another target's too", 'başka birinde de var');
    }
    return [entry.name, readNoticeTarget(entry, directory, at)] as const;
  });
  return Object.fromEntries(targets);
}

/**
 * What can be checked of entries although the file's shape is wrong somewhere, so that every mistake
 * is told at once. The file is refused for its shape in any case.
 */
function legibleOf(file: unknown): Static<typeof clientSchema>[] {
  const list = (file as { clients?: unknown } | null)?.clients;
  if (!Array.isArray(list)) return [];
  return list.map((entry: unknown) => {
    const { name, keySha256, members } = Object(entry) as Record<string, unknown>;
    return {
      name: typeof name === 'string' ? name : '',
      keySha256: textsOf(keySha256),
      members: textsOf(members),
    };
  });
}

function textsOf(value: unknown): string[] {
  return [value].flat().filter((each) => typeof each === 'string');
}
