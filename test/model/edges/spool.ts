/** In the place of the spool: one disk for all lives, which keeps what was committed. */
import type { RandomReader } from '../../../src/reports/spool/frames.ts';
import type { Draft, Spool } from '../../../src/reports/spool/spool.ts';
import { here, pauseHere } from '../here.ts';
import type { KeptFile } from '../place.ts';

const DISK_MS = 5;

export async function createSpool(): Promise<
  Pick<Spool, 'draft' | 'has' | 'verify' | 'plainRows' | 'remove' | 'sweep'>
> {
  const { disk } = here().world;
  return {
    async draft(id) {
      const files: KeptFile[] = [];
      const draft: Draft = {
        async archive(n, stream) {
          const pieces = await Array.fromAsync(stream);
          const archive = Buffer.concat(pieces).toString();
          files[n] = { archive, size: archive.length, rows: '' };
          return files[n] as unknown as RandomReader;
        },
        files: (n) => ({ archive: files[n], rows: files[n] }) as never,
        async commit() {
          await pauseHere(DISK_MS);
          disk.set(id, files);
        },
        discard: async () => undefined,
      };
      return draft;
    },
    has: async (id, count) => disk.get(id)?.length === count,
    verify: async () => undefined,
    async *plainRows(id) {
      for (const { rows } of disk.get(id) ?? []) yield Buffer.from(rows);
    },
    async remove(ids) {
      for (const id of ids) disk.delete(id);
    },
    async sweep(isKept) {
      for (const id of disk.keys()) if (!(await isKept(id))) disk.delete(id);
    },
  };
}
