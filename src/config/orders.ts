/**
 * The standing orders file: what each member wants day by day, where it is laid and who is told.
 *
 * `{"orders":[{"name":"nightly","member":"TIB","at":"01:05","date":"yesterday", …}]}`, paths relative to it.
 */
import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Type, type Static } from 'typebox';
import { WEEKDAYS } from '../lib/dates.ts';
import { defined } from '../lib/defined.ts';
import { balanceReport } from '../mks/services/catalogue.ts';
import { findFormat, formats } from '../rows/formats/index.ts';
import { readJson } from './files.ts';
import { filePath } from './identities.ts';
import type { Place } from './findings.ts';
import { readNoticeTarget, type NoticeTarget } from './notice-targets.ts';
import { hasShape, told } from './shape.ts';

/** What one member wants day by day. */
export interface StandingOrder {
  name: string;
  member: string;
  /** `HH:MM` in Istanbul. */
  at: string;
  /** Of which day: that of the run or the one before. */
  date: 'yesterday' | 'today';
  /** By MKS's names (MKS 5.1.2). */
  filters: Readonly<Record<string, string>>;
  /** Days of the week on which it runs, 0 = Sunday; all unless said. */
  days: readonly number[];
  /** How many days back a missed run is made up for. */
  catchUpDays: number;
  /** `HH:MM`: not ready by then is late. Not after `at`: of the day after. */
  lateAfter: string;
  deliver?: Delivery;
  notify?: NoticeTarget;
}

export interface Delivery {
  /** Absolute path. */
  folder: string;
  /** Names of formats. */
  formats: readonly string[];
  /** With `{member}`, `{processDate}`, `{order}`, `{format}` and `{extension}` in it. */
  fileName: string;
}

/** More than a year back nobody makes up for anything. */
const MAX_CATCH_UP_DAYS = 366;
const CATCH_UP_DAYS = 7;
const LATE_AFTER = '06:00';
const FILE_NAME = '{member}-{processDate}.{extension}';

const time = () =>
  Type.String({
    pattern: '^(?:[01][0-9]|2[0-3]):[0-5][0-9]$',
    ...told('must be a time, HH:MM', 'saat olmalı, SS:DD'),
  });

const filterProperties = (
  balanceReport.request as unknown as { properties: Record<string, { pattern?: string }> }
).properties;
const FILTERS = ['subAccNo', 'isin', 'secClass', 'secType', 'accClass', 'portfolioCode', 'accNo'];
const filtersSchema = Type.Unsafe<Record<string, string>>(
  Type.Object(Object.fromEntries(FILTERS.map((name) => [name, Type.Optional(filterText(name))])), {
    additionalProperties: false,
  }),
);

const orderSchema = Type.Object(
  {
    name: Type.String({
      pattern: '^[A-Za-z0-9._-]{1,58}$',
      ...told(
        'must be 1 to 58 letters, digits, dots, dashes and underscores',
        '1–58 harf, rakam, nokta, tire ve alt çizgi olmalı',
      ),
    }),
    member: Type.String(),
    at: time(),
    date: Type.Enum(['yesterday', 'today']),
    filters: Type.Optional(filtersSchema),
    days: Type.Optional(Type.Array(Type.Enum([...WEEKDAYS]), { minItems: 1 })),
    catchUpDays: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: MAX_CATCH_UP_DAYS,
        ...told(
          `must be a whole number from 0 to ${MAX_CATCH_UP_DAYS}`,
          `0 ile ${MAX_CATCH_UP_DAYS} arasında bir tam sayı olmalı`,
        ),
      }),
    ),
    lateAfter: Type.Optional(time()),
    deliver: Type.Optional(
      Type.Object(
        {
          folder: filePath(),
          formats: Type.Array(Type.Enum(formats.map(({ name }) => name)), { minItems: 1 }),
          fileName: Type.Optional(Type.String()),
        },
        { additionalProperties: false },
      ),
    ),
    notify: Type.Optional(
      Type.Object({ url: Type.String(), secretFile: filePath() }, { additionalProperties: false }),
    ),
  },
  { additionalProperties: false },
);
/** Each entry is looked at by itself, so that a mistake in one hides none of another. */
const ordersFileSchema = Type.Object(
  { orders: Type.Array(Type.Unknown()) },
  { additionalProperties: false },
);

/**
 * Reads the file and the secrets that it names.
 * @param memberCodes the members that exist; undefined when the members file could not be read.
 * @returns the orders; none where there is a mistake in the file's shape.
 */
export function readOrders(
  file: string,
  place: Place,
  memberCodes: ReadonlySet<string> | undefined,
): StandingOrder[] {
  const json = readJson(file, place);
  if (json === undefined || !hasShape(ordersFileSchema, json.value, place)) return [];
  const names = new Set<string>();
  return json.value.orders.flatMap((entry, index) => {
    const at = place.at('orders').at(index);
    if (!hasShape(orderSchema, entry, at)) return [];
    if (names.has(entry.name)) {
      at.at('name').mistake("is another order's too", 'başka birinde de var');
    }
    names.add(entry.name);
    if (memberCodes !== undefined && !memberCodes.has(entry.member)) {
      at.at('member').mistake('is not in the members file', 'üye dosyasında yok');
    }
    return readOrder(entry, dirname(file), at);
  });
}

function readOrder(
  entry: Static<typeof orderSchema>,
  directory: string,
  place: Place,
): StandingOrder {
  const { name, member, at, date, deliver, notify } = entry;
  return {
    name,
    member,
    at,
    date,
    filters: entry.filters ?? {},
    days: (entry.days ?? WEEKDAYS).map((day) => WEEKDAYS.indexOf(day)),
    catchUpDays: entry.catchUpDays ?? CATCH_UP_DAYS,
    lateAfter: entry.lateAfter ?? LATE_AFTER,
    ...defined({
      deliver: deliver && readDelivery(deliver, directory, place.at('deliver')),
      notify: notify && readNoticeTarget(notify, directory, place.at('notify')),
    }),
  };
}

function readDelivery(
  entry: { folder: string; formats: string[]; fileName?: string },
  directory: string,
  place: Place,
): Delivery {
  const folder = resolve(directory, entry.folder);
  const { fileName = FILE_NAME } = entry;
  checkFileName(fileName, entry.formats, place.at('fileName'));
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    // A share that is not mounted yet holds up its own files and nothing else.
    place.at('folder').warning('folders', `${folder} is not there`, `${folder} yok`);
  }
  return { folder, formats: [...new Set(entry.formats)], fileName };
}

const TOKEN = /\{(\w*)\}/g;
const TOKENS = ['member', 'processDate', 'order', 'format', 'extension'];

/** No name may leave the folder, hide in it, or be another day's or another format's. */
function checkFileName(fileName: string, given: readonly string[], place: Place): void {
  const names = [...new Set(given)];
  const used = [...fileName.matchAll(TOKEN)].map(([, token = '']) => token);
  const unknown = used.filter((token) => !TOKENS.includes(token));
  if (unknown.length > 0) {
    const list = TOKENS.map((token) => `{${token}}`).join(', ');
    place.mistake(`may hold ${list} alone`, `yalnızca şunları içerebilir: ${list}`);
  }
  const rest = fileName.replaceAll(TOKEN, '');
  // eslint-disable-next-line no-control-regex
  if (/[/\\{}\p{Cc}]/u.test(rest) || /^[.\s]|[\s]$/.test(fileName) || fileName.length > 120) {
    place.mistake(
      'must be a plain file name of 120 characters at most, without slashes and not hidden',
      'en çok 120 karakterlik yalın bir dosya adı olmalı: eğik çizgi yok, noktayla başlamaz',
    );
  }
  if (!used.includes('processDate')) {
    place.mistake('must hold {processDate}', '{processDate} içermeli');
  }
  const extensions = names.map((name) => findFormat(name)?.extension);
  const tellsApart =
    used.includes('format') ||
    names.length === 1 ||
    (used.includes('extension') && new Set(extensions).size === names.length);
  if (!tellsApart) {
    place.mistake(
      'must tell the formats apart: {extension}, or {format} where two share one',
      'biçimleri ayırmalı: {extension}, ikisi aynıysa {format}',
    );
  }
}

function filterText(name: string) {
  const pattern = filterProperties[name]?.pattern ?? '';
  return Type.String({
    pattern,
    ...told(`must match ${pattern}`, `şu biçimde olmalı: ${pattern}`),
  });
}
