/**
 * Apache Parquet: every field as text, and the amount as an exact decimal too, if all of them fit one.
 *
 * That is known at the end only, where Parquet has its directory: the decimals are written as they come,
 * and if an amount does not fit, the directory names none of them. Groups of rows are bounded, and a
 * column of a group is encoded at a time: the event loop waits for no more.
 */
import { constants, zstdCompressSync } from 'node:zlib';
import type * as Hyparquet from 'hyparquet-writer';
import { toDecimal } from '../../lib/decimal.ts';
import { FIELD_NAMES } from '../columns.ts';
import type { Format, RowLines } from './format.ts';
import { rowBatches } from './row-batches.ts';
import { ownTurn } from './turns.ts';

export const parquet: Format = {
  name: 'parquet',
  mediaType: 'application/vnd.apache.parquet',
  contentType: 'application/vnd.apache.parquet',
  extension: 'parquet',
  summary: { en: 'Apache Parquet', tr: 'Apache Parquet' },
  shape: 'file',
  example: 'PAR1…',
  write: (_report, rows) => write(rows),
};

const GROUP_ROWS = 10_000;
const AMOUNT = FIELD_NAMES.length - 1;
const DECIMAL = 'balanceAmountDecimal';
const PRECISION = 38;
const SCALE = 18;
const LEAST_TOO_LARGE = 10n ** BigInt(PRECISION);

type Schema = ConstructorParameters<typeof Hyparquet.ParquetWriter>[0]['schema'];

const TEXT_COLUMNS: Schema = FIELD_NAMES.map((name) => ({
  name,
  type: 'BYTE_ARRAY',
  converted_type: 'UTF8',
  logical_type: { type: 'STRING' },
  repetition_type: 'REQUIRED',
}));
const DECIMAL_COLUMN: Schema[number] = {
  name: DECIMAL,
  type: 'FIXED_LEN_BYTE_ARRAY',
  type_length: 16,
  converted_type: 'DECIMAL',
  logical_type: { type: 'DECIMAL', precision: PRECISION, scale: SCALE },
  precision: PRECISION,
  scale: SCALE,
  repetition_type: 'REQUIRED',
};

function schemaOf(columns: Schema): Schema {
  return [{ name: 'balances', num_children: columns.length }, ...columns];
}

async function* write(rows: RowLines): AsyncGenerator<Buffer> {
  // Few ask for it, and it would make each start longer.
  const file = createFile(await import('hyparquet-writer'));
  yield file.begin();
  let group: string[][] = [];
  for await (const batch of rowBatches(rows.lines())) {
    group = group.concat(batch);
    if (group.length < GROUP_ROWS) continue;
    // Whatever the pieces, the same groups: the same rows are the same bytes, as the entity tag says.
    yield* file.group(group.slice(0, GROUP_ROWS));
    group = group.slice(GROUP_ROWS);
  }
  if (group.length > 0) yield* file.group(group);
  yield file.end();
}

function createFile({ ByteWriter, ParquetWriter }: typeof Hyparquet) {
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({
    writer: bytes,
    schema: schemaOf([...TEXT_COLUMNS, DECIMAL_COLUMN]),
    codec: 'ZSTD',
    compressors: { ZSTD: compress },
    createdBy: 'mks-gateway',
  });
  let allFit = true;

  function take(): Buffer {
    const taken = Buffer.from(bytes.getBytes());
    bytes.index = 0;
    return taken;
  }

  /** The column as a group of its own: they are put together when all are written. */
  function column(name: string, data: string[] | bigint[]): Buffer {
    void writer.write({ columnData: [{ name, data }], rowGroupSize: data.length });
    return take();
  }

  return {
    /** Goes out at once, so that nobody waits for the first group to see an answer. */
    begin: take,
    async *group(rows: readonly string[][]): AsyncGenerator<Buffer> {
      const first = writer.row_groups.length;
      for (const [at, name] of FIELD_NAMES.entries()) {
        await ownTurn();
        yield column(
          name,
          rows.map((cells) => cells[at] as string),
        );
      }
      await ownTurn();
      const decimals = allFit ? decimalsOf(rows) : undefined;
      allFit = decimals !== undefined;
      if (decimals !== undefined) {
        await ownTurn();
        yield column(DECIMAL, decimals);
      }
      const parts = writer.row_groups.splice(first);
      writer.row_groups.push({
        columns: parts.flatMap(({ columns }) => columns),
        num_rows: BigInt(rows.length),
        total_byte_size: total(parts.map((part) => part.total_byte_size)),
        total_compressed_size: total(parts.map((part) => part.total_compressed_size ?? 0n)),
      });
    },
    end(): Buffer {
      if (!allFit) leaveDecimalsOut(writer);
      writer.num_rows = total(writer.row_groups.map((group) => group.num_rows));
      void writer.finish();
      return take();
    },
  };
}

/** Their bytes stay where they are, and nothing points there. */
function leaveDecimalsOut(writer: Hyparquet.ParquetWriter): void {
  writer.schema = schemaOf(TEXT_COLUMNS);
  const isText = (path: readonly string[] | undefined): boolean => path?.[0] !== DECIMAL;
  for (const group of writer.row_groups) {
    group.columns = group.columns.filter(({ meta_data }) => isText(meta_data?.path_in_schema));
    group.total_byte_size = total(
      group.columns.map(({ meta_data }) => meta_data?.total_uncompressed_size ?? 0n),
    );
    group.total_compressed_size = total(
      group.columns.map(({ meta_data }) => meta_data?.total_compressed_size ?? 0n),
    );
  }
  writer.pendingIndexes = writer.pendingIndexes.filter(({ chunk }) =>
    isText(chunk.meta_data?.path_in_schema),
  );
}

/** @returns the amounts in units of 10^-18; undefined where one of them does not fit. */
function decimalsOf(rows: readonly string[][]): bigint[] | undefined {
  const decimals: bigint[] = [];
  for (const cells of rows) {
    const decimal = inUnits(cells[AMOUNT] as string);
    if (decimal === undefined) return undefined;
    decimals.push(decimal);
  }
  return decimals;
}

function inUnits(amount: string): bigint | undefined {
  const { units, places } = toDecimal(amount);
  const power = 10n ** BigInt(Math.abs(SCALE - places));
  if (places > SCALE && units % power !== 0n) return undefined;
  const scaled = places > SCALE ? units / power : units * power;
  return scaled < LEAST_TOO_LARGE && scaled > -LEAST_TOO_LARGE ? scaled : undefined;
}

function total(parts: readonly bigint[]): bigint {
  return parts.reduce((sum, part) => sum + part, 0n);
}

function compress(input: Uint8Array): Uint8Array {
  return zstdCompressSync(input, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
}
