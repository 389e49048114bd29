/** Which checkpoints have no stamp yet: the trail itself says so, whoever wrote them and however it ended. */
import { createReadStream } from 'node:fs';
import { hash } from 'node:crypto';
import { reasonOf } from '../errors.ts';
import { MAX_LINE_BYTES, parseLine } from '../line.ts';
import { listSegments, pathOf } from '../segments.ts';

/** The name of a checkpoint for its stamp: SHA-256 of its compact JWS, hex, which is what is stamped. */
export function checkpointId(jws: string): string {
  return hash('sha256', jws, 'hex');
}

/** As lines of both kinds begin, for their names are in order. */
const BEGINS = '{"action":"checkpoint';
const LINE_END = 0x0a;
const PIECE_BYTES = 1024 * 1024;

/**
 * Looks through the files of these days, a piece at a time; parsed are but the few lines that matter.
 * @param sinceDay `YYYYMMDD`.
 * @returns compact JWS, the oldest first.
 * @throws errors of the file system.
 */
export async function findUnstamped(folder: string, sinceDay: string): Promise<string[]> {
  const found = new Map<string, string>();
  const stamped = new Set<string>();
  for (const segment of await listSegments(folder)) {
    if (segment.day < sinceDay) continue;
    for await (const text of checkpointLines(pathOf(folder, segment))) {
      const line = parseLine(text);
      if (line?.action === 'checkpoint') {
        const jws = String(line['jws']);
        found.set(checkpointId(jws), jws);
      } else if (line?.action === 'checkpoint.stamped') stamped.add(String(line['checkpoint']));
    }
  }
  return [...found].flatMap(([id, jws]) => (stamped.has(id) ? [] : [jws]));
}

async function* checkpointLines(path: string): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0);
  try {
    const file: AsyncIterable<Buffer> = createReadStream(path, { highWaterMark: PIECE_BYTES });
    for await (const piece of file) {
      const bytes = Buffer.concat([rest, piece]);
      for (let at = bytes.indexOf(BEGINS); at >= 0; at = bytes.indexOf(BEGINS, at + 1)) {
        const end = bytes.indexOf(LINE_END, at);
        if (end < 0) break;
        if (at === 0 || bytes[at - 1] === LINE_END) yield bytes.toString('utf8', at, end);
      }
      rest = bytes.subarray(bytes.lastIndexOf(LINE_END) + 1);
      if (rest.length > MAX_LINE_BYTES) return;
    }
  } catch (error) {
    // It was let go of in the meantime.
    if (reasonOf(error) !== 'ENOENT') throw error;
  }
}
