/**
 * A ZIP archive as a stream (APPNOTE 6.3.10): each entry deflated as it comes, its size and CRC-32 behind it.
 *
 * zip.js compresses by CompressionStream, which has no level;
 * what a container of entries below 4 GiB needs beyond node:zlib is written here, and read back by others.
 */
import { pipeline } from 'node:stream';
import { crc32, createDeflateRaw } from 'node:zlib';
import { streamInto } from '../../../lib/release.ts';

const CHUNK_BYTES = 128 * 1024;
/** Of an entry, and where the last one begins: what a header's four bytes can say (4.4.8, 4.4.16). */
const MAX_BYTES = 0xffff_ffff;
const VERSION = 20;
/** Sizes behind the data; the name is UTF-8 (4.4.4). */
const FLAGS = 0x0808;
const DEFLATED = 8;
/** 1 January 1980: the same rows are the same bytes. */
const DATE = 0x0021;

interface Entry {
  name: Buffer;
  crc: number;
  packedBytes: number;
  bytes: number;
  at: number;
}

/** Of an entry, in any number; those of bytes are let go of (`release`). */
type Pieces = AsyncIterable<string | Buffer> | Iterable<string | Buffer>;

export interface ZipWriter {
  /** Yields the entry; it is in the archive once all of it was taken. Throws what its pieces throw. */
  entry(name: string, pieces: Pieces): AsyncGenerator<Buffer>;
  /** The directory: without it nobody takes the bytes before it for an archive. */
  end(): Buffer;
}

/** Entries come one after another: each has to be taken whole before the next. */
export function createZipWriter(): ZipWriter {
  const entries: Entry[] = [];
  let offset = 0;
  return {
    async *entry(name, pieces) {
      const entry = { name: Buffer.from(name), crc: 0, packedBytes: 0, bytes: 0, at: offset };
      yield localHeader(entry);
      for await (const packed of deflate(entry, pieces)) {
        entry.packedBytes += packed.length;
        yield packed;
      }
      offset += 30 + entry.name.length + entry.packedBytes + 16;
      if (Math.max(offset, entry.bytes) > MAX_BYTES)
        throw new RangeError('the archive is too large');
      entries.push(entry);
      yield descriptor(entry);
    },
    end() {
      const directory = Buffer.concat(entries.map(directoryHeader));
      const end = Buffer.alloc(22);
      end.writeUInt32LE(0x06054b50, 0);
      end.writeUInt16LE(entries.length, 8);
      end.writeUInt16LE(entries.length, 10);
      end.writeUInt32LE(directory.length, 12);
      end.writeUInt32LE(offset, 16);
      return Buffer.concat([directory, end]);
    },
  };
}

/** Deflates on a thread of zlib's; what the pieces throw comes out where the chunks are read. */
function deflate(entry: Entry, pieces: Pieces): AsyncIterable<Buffer> {
  const deflater = createDeflateRaw({ level: 1, chunkSize: CHUNK_BYTES });
  return pipeline(streamInto(deflater, counted(entry, pieces)), deflater, () => undefined);
}

async function* counted(entry: Entry, pieces: Pieces): AsyncGenerator<Buffer> {
  for await (const piece of pieces) {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
    entry.crc = crc32(bytes, entry.crc);
    entry.bytes += bytes.length;
    yield bytes;
  }
}

/** 4.3.7 */
function localHeader({ name }: Entry): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  writeCommon(header, 4);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, name]);
}

/** 4.3.9 */
function descriptor(entry: Entry): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32LE(0x08074b50, 0);
  writeSizes(bytes, 4, entry);
  return bytes;
}

/** 4.3.12 */
function directoryHeader(entry: Entry): Buffer {
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(VERSION, 4);
  writeCommon(header, 6);
  writeSizes(header, 16, entry);
  header.writeUInt16LE(entry.name.length, 28);
  header.writeUInt32LE(entry.at, 42);
  return Buffer.concat([header, entry.name]);
}

function writeCommon(header: Buffer, at: number): void {
  header.writeUInt16LE(VERSION, at);
  header.writeUInt16LE(FLAGS, at + 2);
  header.writeUInt16LE(DEFLATED, at + 4);
  header.writeUInt16LE(DATE, at + 8);
}

function writeSizes(header: Buffer, at: number, { crc, packedBytes, bytes }: Entry): void {
  header.writeUInt32LE(crc, at);
  header.writeUInt32LE(packedBytes, at + 4);
  header.writeUInt32LE(bytes, at + 8);
}
