/** Properties of the way from a report's archive to its rows. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { COLUMN_NAMES, FIELD_NAMES } from '../../../src/rows/read/index.ts';
import { anySign } from '../../support/any-sign.ts';
import { type Row, collect, ndjson, pack, rowsOfArchive } from './helpers.ts';

const text = fc.oneof(
  fc.stringMatching(/^[A-Z0-9]{0,12}$/),
  fc.string({ unit: anySign, maxLength: 12 }),
  fc.constantFrom('', 'a;b', 'a,b', '"', '""', '\\', '\r\n', 'İşğ', '\t', '|', 'null', '😀'),
);
const digits = fc.stringMatching(/^[1-9][0-9]{0,24}$/);
/** Fractions are never of three digits, so that no notation of the amount is ambiguous. */
const amount = fc.oneof(
  fc.constant('0'),
  fc
    .tuple(fc.constantFrom('', '-'), digits, fc.stringMatching(/^([0-9]{1,2}|[0-9]{4,12})?$/))
    .map(([sign, whole, fraction]) => sign + whole + (fraction === '' ? '' : `.${fraction}`)),
);
const row: fc.Arbitrary<Row> = fc
  .tuple(fc.array(text, { minLength: 8, maxLength: 8 }), amount)
  .map(([texts, last]) => [...texts, last]);
const rows = fc.array(row, { maxLength: 12 });
const cuts = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 8 });
const notation = fc.constantFrom('plain', 'point', 'comma');

/** The amount in one of the ways in which it may be written. */
function written(value: string, how: string): string {
  const [whole = '', fraction] = value.split('.');
  if (how === 'plain') return value;
  const [group, sign] = how === 'point' ? [',', '.'] : ['.', ','];
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, group);
  return fraction === undefined ? grouped : grouped + sign + fraction;
}

/** A separator that stands once before three digits needs another amount beside it to be read. */
function isSettled(all: readonly Row[], how: string): boolean {
  if (how === 'plain') return true;
  const amounts = all.map((one) => written(one[8] ?? '', how));
  return (
    !amounts.some((one) => /^-?\d{1,3}[.,]\d{3}$/.test(one)) ||
    amounts.some((one) => /[.,].*[.,]|[.,](\d{1,2}|\d{4,})$/.test(one))
  );
}

async function* cutUp(bytes: Uint8Array, sizes: readonly number[]): AsyncIterable<Uint8Array> {
  for (let from = 0, index = 0; from < bytes.length; index++) {
    const size = sizes[index % sizes.length] ?? 1;
    yield bytes.subarray(from, from + size);
    from += size;
  }
}

async function read(
  type: 'json' | 'csv',
  content: string,
  sizes: readonly number[],
): Promise<string> {
  const stream = (): AsyncIterable<Uint8Array> => cutUp(Buffer.from(content), sizes);
  return (await collect({ type, stream, async verify() {} })).text;
}

/** Text as it comes back out of UTF-8: half a surrogate pair does not survive in a CSV. */
const wellFormed = (all: readonly Row[]): Row[] =>
  all.map((one) => one.map((value) => value.toWellFormed()));

test('rows in any JSON shape, cut anywhere, are the same rows', async () => {
  const shape = fc.record({
    indent: fc.constantFrom('', ' ', '\t'),
    around: fc.boolean(),
    mark: fc.boolean(),
    names: fc.constantFrom(FIELD_NAMES, COLUMN_NAMES),
    extra: fc.option(fc.jsonValue({ maxDepth: 3 }), { nil: undefined }),
    nulls: fc.boolean(),
    order: fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7, 8], { minLength: 9 }),
    escaped: fc.boolean(),
    notation,
  });
  await fc.assert(
    fc.asyncProperty(rows, shape, cuts, async (all, how, sizes) => {
      fc.pre(isSettled(all, how.notation));
      const objects = all.map((one) => {
        const members = how.order.map((field): [string, unknown] => {
          const value = field === 8 ? written(one[8] ?? '', how.notation) : one[field];
          return [how.names[field] ?? '', value === '' && how.nulls ? null : value];
        });
        if (how.extra !== undefined) members.splice(3, 0, ['extra', how.extra]);
        return Object.fromEntries(members);
      });
      // Beside an empty array nothing may stand that has room for rows.
      const beside = all.length === 0 ? {} : { before: [how.extra ?? 1, 'x'], after: {} };
      const root = how.around ? { text: 'x', rows: objects, ...beside } : objects;
      let content = JSON.stringify(root, null, how.indent);
      if (how.escaped) {
        content = content.replaceAll(
          /[\u0080-\uffff]/g,
          (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
        );
      }
      assert.equal(await read('json', (how.mark ? '\uFEFF' : '') + content, sizes), ndjson(all));
    }),
    { numRuns: 300 },
  );
});

test('rows in any CSV dialect, cut anywhere, are the same rows', async () => {
  const dialect = fc.record({
    delimiter: fc.constantFrom(';', ',', '\t', '|'),
    lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
    quoteAll: fc.boolean(),
    mark: fc.boolean(),
    endsWithLine: fc.boolean(),
    order: fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7, 8], { minLength: 9 }),
    notation,
  });
  await fc.assert(
    fc.asyncProperty(rows, dialect, cuts, async (all, how, sizes) => {
      fc.pre(isSettled(all, how.notation));
      const sound = wellFormed(all);
      const quoted = (value: string): string =>
        how.quoteAll || value.includes(how.delimiter) || /["\r\n]/.test(value)
          ? `"${value.replaceAll('"', '""')}"`
          : value;
      const lines = sound.map((one) =>
        how.order
          .map((field) =>
            quoted(field === 8 ? written(one[8] ?? '', how.notation) : (one[field] ?? '')),
          )
          .join(how.delimiter),
      );
      const header = how.order.map((field) => COLUMN_NAMES[field] ?? '').join(how.delimiter);
      const content = [header, ...lines].join(how.lineEnd) + (how.endsWithLine ? how.lineEnd : '');
      assert.equal(await read('csv', (how.mark ? '\uFEFF' : '') + content, sizes), ndjson(sound));
    }),
    { numRuns: 300 },
  );
});

test('a valid JSON with one character changed gives an error or what JSON.parse gives', async () => {
  await fc.assert(
    fc.asyncProperty(
      row,
      fc.nat(),
      fc.constantFrom(...'{}[]",:\\0 -.eEnt\u0001'.split('')),
      cuts,
      async (one, at, letter, sizes) => {
        const plain = Object.fromEntries(FIELD_NAMES.map((name, field) => [name, one[field]]));
        const content = JSON.stringify([plain, plain]);
        const place = at % content.length;
        const changed = content.slice(0, place) + letter + content.slice(place + 1);
        let result: string;
        try {
          result = await read('json', changed, sizes);
        } catch {
          return;
        }
        const parsed: unknown = JSON.parse(changed);
        assert.ok(Array.isArray(parsed));
        assert.equal(result.split('\n').length - 1, parsed.length);
      },
    ),
    { numRuns: 1000 },
  );
});

test('an archive of any lock and form gives the rows that were put in', async () => {
  await fc.assert(
    fc.asyncProperty(
      rows,
      fc.constantFrom<1 | 2 | 3 | undefined>(1, 2, 3, undefined),
      fc.constantFrom(0, 6),
      fc.boolean(),
      fc.boolean(),
      async (all, encryptionStrength, level, zip64, dataDescriptor) => {
        const objects = all.map((one) =>
          Object.fromEntries(FIELD_NAMES.map((name, field) => [name, one[field]])),
        );
        const lock =
          encryptionStrength === undefined ? { zipCrypto: true } : { encryptionStrength };
        const options = { ...lock, level, zip64, dataDescriptor };
        const bytes = await pack([['rapor.json', JSON.stringify(objects)]], options);
        assert.equal(await rowsOfArchive(bytes), ndjson(all));
      },
    ),
    { numRuns: 60 },
  );
});
