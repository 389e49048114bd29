/** Archives made to exhaust whoever opens them: their kinds, how each has to be refused, and at what cost it was. */
import { Reader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';
import { ArchiveError } from '../../src/rows/read/index.ts';
import type { ArchiveFault } from '../../src/rows/read/errors.ts';
import { HEADER, pack, PASSWORD, ROW, rowsOfArchive } from '../rows/read/helpers.ts';
import { watchPeak } from './peak.ts';

export interface Bomb {
  make(): Promise<Uint8Array>;
  reason: ArchiveFault;
  /** The most that a file may unpack to, where it is not 16 GiB. */
  fileMaxBytes?: number;
}

const GIGABYTE = 1024 ** 3;
const CSV = `${HEADER}\n${ROW.join(';')}\n`;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const ZIP64_END = 0x06064b50;

/** A zip of one entry that unpacks to `size` bytes of one letter. */
async function packRepeated(name: string, letter: string, size: number): Promise<Uint8Array> {
  const block = new Uint8Array(1024 * 1024).fill(letter.charCodeAt(0));
  const source = Object.assign(new Reader(undefined), {
    size,
    async readUint8Array(offset: number, length: number): Promise<Uint8Array> {
      return block.subarray(0, Math.min(length, block.length, size - offset));
    },
  });
  const writer = new ZipWriter(new Uint8ArrayWriter(), {
    useWebWorkers: false,
    password: PASSWORD,
  });
  await writer.add(name, source);
  return writer.close();
}

/** Writes a number into every place where the archive says it, both headers and both widths. */
function patched(bytes: Uint8Array, signature: number, offset: number, value: number): Buffer {
  const copy = Buffer.from(bytes);
  for (let at = 0; at + 46 <= copy.length; at++) {
    if (copy.readUInt32LE(at) === signature) copy.writeUInt32LE(value, at + offset);
  }
  return copy;
}

/** Two directory entries for one local file, declared as so many. */
async function sharedData(declared: number): Promise<Uint8Array> {
  const bytes = Buffer.from(await pack([['a.csv', CSV]], { zipCrypto: true }));
  const directory = bytes.indexOf('PK\u0001\u0002');
  const end = bytes.length - 22;
  const doubled = Buffer.concat([
    bytes.subarray(0, end),
    bytes.subarray(directory, end),
    bytes.subarray(end),
  ]);
  doubled.writeUInt32LE(2 * (end - directory), doubled.length - 10);
  doubled.writeUInt16LE(declared, doubled.length - 12);
  doubled.writeUInt16LE(declared, doubled.length - 14);
  return doubled;
}

/** @param size what those that unpack to one letter unpack to. */
function repeated(size: number): Record<string, Bomb> {
  const found: Record<string, Bomb> = {};
  for (const [name, letter] of [
    ['a.csv', 'x'],
    ['a.csv', '\n'],
    ['a.json', ' '],
    ['a.json', '['],
    ['a.json', '0'],
  ] as const) {
    const label = `one letter for ever: ${JSON.stringify(letter)} in ${name}`;
    let made: Promise<Uint8Array> | undefined;
    const make = (): Promise<Uint8Array> => (made ??= packRepeated(name, letter, size));
    found[label] = { make, reason: 'unexpected-content' };
    found[`${label}, beyond the bound`] = { make, reason: 'too-large', fileMaxBytes: size / 2 };
  }
  return found;
}

/**
 * By name; what stands before a colon or a comma is the kind.
 * @param size what those that unpack to one letter unpack to.
 * @param entries how many an archive with many has.
 */
export function bombs(size: number, entries = 500): Record<string, Bomb> {
  const plain = { zipCrypto: true, dataDescriptor: false };
  return {
    ...repeated(size),
    'a size that is declared huge': {
      make: async () => patched(await pack([['a.csv', CSV]], plain), CENTRAL, 24, 0xfffffffe),
      reason: 'too-large',
      fileMaxBytes: GIGABYTE,
    },
    'a size that is declared small': {
      make: async () =>
        patched(await pack([['a.csv', CSV]], { ...plain, dataDescriptor: true }), CENTRAL, 24, 10),
      reason: 'corrupt',
    },
    'a directory that is declared huge': { make: hugeDirectory, reason: 'corrupt' },
    'a directory that is declared huge, in 64 bits': {
      make: async () => patched(await pack([['a.csv', CSV]], { zip64: true }), ZIP64_END, 44, 1),
      reason: 'corrupt',
    },
    'a directory that is huge': { make: paddedDirectory, reason: 'unexpected-content' },
    'many entries': {
      make: () =>
        pack(
          Array.from({ length: entries }, (_, index) => [`${index}.csv`, 'x'] as const),
          {
            password: '',
          },
        ),
      reason: 'unexpected-content',
    },
    'entries that share their data, declared as one': {
      make: () => sharedData(1),
      reason: 'corrupt',
    },
    'entries that share their data, declared as two': {
      make: () => sharedData(2),
      reason: 'unexpected-content',
    },
    'an extra field as large as it can be': {
      make: () =>
        pack([['a.csv', CSV]], { extraField: new Map([[0x7777, new Uint8Array(60_000)]]) }),
      reason: 'unexpected-content',
    },
    'a comment as large as it can be': {
      make: () => pack([['a.csv', CSV]], { comment: 'x'.repeat(60_000) }),
      reason: 'unexpected-content',
    },
    'data that reaches into the directory': {
      make: async () => {
        const bytes = await pack([['a.csv', CSV]], { ...plain, level: 0, dataDescriptor: true });
        return patched(bytes, CENTRAL, 20, bytes.length);
      },
      reason: 'corrupt',
    },
    'a row without end': {
      make: () => {
        const long = Buffer.concat([Buffer.from('[{"isin":"'), Buffer.alloc(50_000_000, 'x')]);
        return pack([['a.json', long]]);
      },
      reason: 'unexpected-content',
    },
  };
}

async function hugeDirectory(): Promise<Uint8Array> {
  const end = Buffer.from(await pack([['a.csv', CSV]]));
  end.writeUInt32LE(0xfffffff0, end.length - 22 + 12);
  return end;
}

async function paddedDirectory(): Promise<Uint8Array> {
  const padding = Buffer.alloc(64 * 1024 * 1024, 'PK\u0001\u0002');
  const tail = Buffer.alloc(22);
  tail.writeUInt32LE(END, 0);
  tail.writeUInt16LE(1, 8);
  tail.writeUInt16LE(1, 10);
  tail.writeUInt32LE(padding.length, 12);
  return Buffer.concat([padding, tail]);
}

/** The kinds, without their variants. */
export function kindsOf(names: Iterable<string>): string[] {
  return [...new Set([...names].map((name) => name.split(/[:,]/)[0] ?? name))];
}

export interface Refusal {
  /** Absent where it was not refused by an error of the catalogue. */
  reason?: ArchiveFault;
  /** Of this process, on all its threads. */
  cpuSeconds: number;
  /** How far its memory rose above what it was with the archive at hand. */
  grownMiB: number;
}

/** Opens one and reads its rows. */
export async function meet(bytes: Uint8Array, fileMaxBytes = 16 * GIGABYTE): Promise<Refusal> {
  const grownMiB = watchPeak();
  const cpu = process.cpuUsage();
  let reason: ArchiveFault | undefined;
  try {
    await rowsOfArchive(bytes, PASSWORD, { fileMaxBytes });
  } catch (error) {
    if (error instanceof ArchiveError) ({ reason } = error);
  }
  const { user, system } = process.cpuUsage(cpu);
  return {
    ...(reason !== undefined && { reason }),
    cpuSeconds: (user + system) / 1e6,
    grownMiB: grownMiB(),
  };
}
