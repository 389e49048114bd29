/** The profiles file: how ledgers are read that name or write things in a way of their own. */
import { Type, type Static } from 'typebox';
import { type CheckProfile, plainColumnName } from '../lib/check-profile.ts';
import { defined } from '../lib/defined.ts';
import { FIELD_NAMES } from '../rows/columns.ts';
import { readJson } from './files.ts';
import type { Place } from './findings.ts';
import { hasShape, told } from './shape.ts';

/** A ledger has those of a position, and the balance. */
const LEDGER_FIELDS = FIELD_NAMES.slice(2);

const columnName = () =>
  Type.String({
    pattern: '\\S',
    maxLength: 200,
    ...told('must be the name of a column', 'bir kolon adı olmalı'),
  });

/** By what the ledger writes, what MKS does. */
const aliases = (pattern: string, en: string, tr: string) =>
  Type.Optional(Type.Record(Type.String(), Type.String({ pattern, ...told(en, tr) })));

const profileSchema = Type.Object(
  {
    name: Type.String({
      pattern: '^[A-Za-z0-9._-]{1,64}$',
      ...told(
        'must be 1 to 64 letters, digits, dots, dashes and underscores',
        '1–64 harf, rakam, nokta, tire ve alt çizgi olmalı',
      ),
    }),
    columns: Type.Optional(
      Type.Object(
        Object.fromEntries(LEDGER_FIELDS.map((field) => [field, Type.Optional(columnName())])),
        { additionalProperties: false },
      ),
    ),
    accountLength: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 15,
        ...told('must be a whole number from 1 to 15', '1 ile 15 arasında bir tam sayı olmalı'),
      }),
    ),
    aliases: Type.Optional(
      Type.Object(
        {
          isin: aliases('^[A-Z0-9]{12}$', 'must be an ISIN', 'ISIN olmalı'),
          subAccCode: aliases(
            '^[A-Z]{4}$',
            'must be a sub-account of 4 letters',
            '4 harfli bir alt hesap olmalı',
          ),
        },
        { additionalProperties: false },
      ),
    ),
    ignore: Type.Optional(Type.Array(columnName())),
  },
  { additionalProperties: false },
);

const fileSchema = Type.Object(
  { profiles: Type.Array(profileSchema, { minItems: 1 }) },
  { additionalProperties: false },
);
type Entry = Static<typeof profileSchema>;

/** Reads the profiles file; each mistake is noted where it stands. */
export function readCheckProfiles(file: string, place: Place): CheckProfile[] {
  const json = readJson(file, place);
  if (json === undefined || !hasShape(fileSchema, json.value, place)) return [];
  const names = new Set<string>();
  return json.value.profiles.map((entry, index) => {
    const at = place.at('profiles').at(index);
    if (names.has(entry.name)) {
      at.at('name').mistake("is another profile's too", 'başka bir profilde de var');
    }
    names.add(entry.name);
    checkColumns(entry, at);
    const { isin = {}, subAccCode = {} } = entry.aliases ?? {};
    return {
      name: entry.name,
      columns: (entry.columns ?? {}) as Record<string, string>,
      aliases: { isin, subAccCode },
      ignore: entry.ignore ?? [],
      ...defined({ accountLength: entry.accountLength }),
    };
  });
}

/** No column is two things. */
function checkColumns({ columns = {}, ignore = [] }: Entry, at: Place): void {
  const taken = new Set<string>();
  const note = (column: string, where: Place): void => {
    const name = plainColumnName(column);
    if (taken.has(name)) {
      where.mistake('names a column that is named before', 'daha önce adı geçen bir kolon');
    }
    taken.add(name);
  };
  for (const [field, column] of Object.entries(columns)) {
    note(String(column), at.at('columns').at(field));
  }
  for (const [index, column] of ignore.entries()) note(column, at.at('ignore').at(index));
}
