/** Looks for secrets in whatever a process leaves behind, in the shapes that they could take there. */
import { readdirSync, readFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import type { Cleanup } from './cleanup.ts';

/** Name → the texts or bytes that may be found nowhere. */
export type Canaries = Map<string, (string | Buffer)[]>;

/** Name of a place → what is in it. */
export type Places = Map<string, Buffer[]>;

/** A hit shorter than this could be chance. */
const LEAST_BYTES = 6;

/** `canary in place`, sorted, each once. */
export function scan(canaries: Canaries, places: Places): string[] {
  const hits = new Set<string>();
  for (const [name, secrets] of canaries) {
    const shapes = secrets.flatMap(shapesOf);
    for (const [place, contents] of places) {
      const isHit = contents.some((content) => shapes.some((shape) => content.includes(shape)));
      if (isHit) hits.add(`${name} in ${place}`);
    }
  }
  return [...hits].toSorted();
}

/** As it is, and as hexadecimal digits, base64 at any offset, URL or JSON would have it. */
function shapesOf(secret: string | Buffer): Buffer[] {
  const bytes = Buffer.from(secret);
  const texts = [bytes.toString('hex'), bytes.toString('hex').toUpperCase()];
  for (const offset of [0, 1, 2]) {
    const shifted = Buffer.concat([Buffer.alloc(offset), bytes]);
    for (const encoding of ['base64', 'base64url'] as const) {
      // The first and last characters depend on the neighbours.
      const text = shifted.toString(encoding).replace(/=+$/, '');
      texts.push(text.slice(offset === 0 ? 0 : offset + 1, text.length - 1));
    }
  }
  if (typeof secret === 'string') {
    texts.push(encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1));
  }
  return [bytes, ...texts.map((text) => Buffer.from(text))].filter(
    (shape) => shape.length >= LEAST_BYTES,
  );
}

/** Every file below a folder, and what comes out when it is taken for something compressed. */
export function contentsOf(folder: string): Buffer[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => {
      const content = readFileSync(join(entry.parentPath, entry.name));
      return [content, ...unpacked(content)];
    });
}

const ZSTD_MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

function unpacked(content: Buffer): Buffer[] {
  const found: Buffer[] = [];
  const attempt = (unpack: () => Buffer): void => {
    try {
      found.push(unpack());
    } catch {
      // It is nothing of the kind.
    }
  };
  for (const unpack of [gunzipSync, inflateSync, inflateRawSync]) attempt(() => unpack(content));
  let at = content.indexOf(ZSTD_MAGIC);
  while (at >= 0) {
    const from = at;
    attempt(() => zstdDecompressSync(content.subarray(from)));
    at = content.indexOf(ZSTD_MAGIC, at + 1);
  }
  return found;
}

export interface RecordingProxy {
  port: number;
  /** What went through it, both ways. */
  recorded: () => string;
}

/** A forward proxy that connects to one port, whatever it is asked for, and keeps what it carries. */
export async function startRecordingProxy(t: Cleanup, targetPort: number): Promise<RecordingProxy> {
  const chunks: Buffer[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    sockets.add(client.on('error', () => undefined));
    client.once('data', () => {
      const upstream = connect(targetPort, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n');
        client.on('data', (chunk: Buffer) => chunks.push(chunk));
        upstream.on('data', (chunk: Buffer) => chunks.push(chunk));
        client.pipe(upstream).pipe(client);
      });
      sockets.add(upstream.on('error', () => client.destroy()));
      client.on('close', () => upstream.destroy());
      upstream.on('close', () => client.destroy());
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { port, recorded: () => Buffer.concat(chunks).toString('latin1') };
}
