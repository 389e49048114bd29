/**
 * Apache Parquet: every field as text, and the amount as an exact decimal too, if all of them fit one.
 *
 * That is known at the end only, where Parquet has its directory: the decimals are written as they come,
 * and if an amount does not fit, the directory names none of them. Groups of rows are bounded, and a
 * column of a group is encoded at a time: the event loop waits for no more.
 */
import { constants, zstdCompressSync } from 'node:zlib';
import type * as Hyparquet from 'hyparquet-writer';
import { FIELD_NAMES } from '../columns.ts';
import { DECIMAL_BYTES, decimalsOf, PRECISION, SCALE } from './decimals.ts';
import type { Format, RowLines } from './format.ts';
import { columnGroups, type Columns } from './kept-columns.ts';
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

/** Of a column of a group of rows. */
interface Bounds {
  min_value?: unknown;
  max_value?: unknown;
}
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
  type_length: DECIMAL_BYTES,
  converted_type: 'DECIMAL',
  logical_type: { type: 'DECIMAL', precision: PRECISION, scale: SCALE },
  precision: PRECISION,
  scale: SCALE,
  repetition_type: 'REQUIRED',
};

/** Its values are given as the bytes that they are: the writer would make them of numbers byte by byte. */
const { converted_type: _, ...DECIMAL_BYTES_COLUMN } = DECIMAL_COLUMN;

function schemaOf(columns: Schema): Schema {
  return [{ name: 'balances', num_children: columns.length }, ...columns];
}

async function* write(rows: RowLines): AsyncGenerator<Buffer> {
  // Few ask for it, and it would make each start longer.
  const file = createFile(await import('hyparquet-writer'));
  yield file.begin();
  // Whatever the pieces, the same groups: the same rows are the same bytes, as the entity tag says.
  for await (const columns of columnGroups(rows.lines(), GROUP_ROWS)) yield* file.group(columns);
  yield file.end();
}

function createFile({ ByteWriter, ParquetWriter }: typeof Hyparquet) {
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({
    writer: bytes,
    schema: schemaOf([...TEXT_COLUMNS, DECIMAL_BYTES_COLUMN]),
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

  /**
   * The column as a group of its own: they are put together when all are written.
   * @param bounds the least and the largest value, unless they are as bytes are.
   */
  function column(name: string, data: Uint8Array[], bounds?: Bounds): Buffer {
    void writer.write({ columnData: [{ name, data }], rowGroupSize: data.length });
    for (const { meta_data } of writer.row_groups.at(-1)?.columns ?? []) {
      const statistics = meta_data?.statistics;
      if (statistics !== undefined) Object.assign(statistics, bounds ?? ownBounds(statistics));
    }
    return take();
  }

  return {
    /** Goes out at once, so that nobody waits for the first group to see an answer. */
    begin: take,
    async *group(columns: Columns): AsyncGenerator<Buffer> {
      const first = writer.row_groups.length;
      const amounts = columns[AMOUNT] as Buffer[];
      for (const [at, name] of FIELD_NAMES.entries()) {
        await ownTurn();
        yield column(name, columns[at] as Buffer[]);
      }
      await ownTurn();
      const decimals = allFit ? decimalsOf(amounts) : undefined;
      allFit = decimals !== undefined;
      if (decimals !== undefined) {
        await ownTurn();
        const { values, least, most } = decimals;
        yield column(DECIMAL, values, { min_value: least, max_value: most });
      }
      const parts = writer.row_groups.splice(first);
      writer.row_groups.push({
        columns: parts.flatMap((part) => part.columns),
        num_rows: BigInt(amounts.length),
        total_byte_size: total(parts.map((part) => part.total_byte_size)),
        total_compressed_size: total(parts.map((part) => part.total_compressed_size ?? 0n)),
      });
    },
    end(): Buffer {
      if (allFit) writer.schema = schemaOf([...TEXT_COLUMNS, DECIMAL_COLUMN]);
      else leaveDecimalsOut(writer);
      writer.num_rows = total(writer.row_groups.map((group) => group.num_rows));
      void writer.finish();
      return take();
    },
  };
}

/** They stay in memory until the end; what they lie in with others does not. */
function ownBounds({ min_value, max_value }: Bounds): Bounds {
  const own = (value: unknown): unknown =>
    value instanceof Uint8Array ? new Uint8Array(value) : value;
  return { min_value: own(min_value), max_value: own(max_value) };
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

function total(parts: readonly bigint[]): bigint {
  return parts.reduce((sum, part) => sum + part, 0n);
}

function compress(input: Uint8Array): Uint8Array {
  return zstdCompressSync(input, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
}
