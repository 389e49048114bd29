/** The files of kept checks: which there are, and what is in them. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { SpoolDamagedError, writeFault } from '../../reports/errors.ts';
import { canonical } from '../../reports/join-key.ts';
import { readFrames, type SealedFile } from '../../reports/spool/frames.ts';
import type { Filters } from '../../reports/types.ts';
import { SealError, type Sealer } from '../../state/sealing.ts';
import { filesOf, isMissing, writeWhole } from './files.ts';
import {
  breaksFile,
  type KeptName,
  parseRecordFile,
  purposeOf,
  recordFile,
  stemOf,
  tagOf,
} from './names.ts';
import type { KeptCheck } from './record.ts';

/** Where a check is kept. */
export interface Place {
  member: string;
  name: KeptName;
}

/** A kept check with its breaks. */
export interface Found {
  check: KeptCheck;
  breaks: SealedFile;
}

/** What a check says itself; the rest its name tells. */
export type CheckSaid = Omit<KeptCheck, 'id' | 'createdAt'>;

export interface CheckRecords {
  /** Of one member, those that are due left out. */
  places(member: string): Promise<Place[]>;
  /** Undefined when it is gone, or the key that sealed it. */
  open(place: Place): Promise<Found | undefined>;
  /** As `open`; undefined also when its breaks are damaged or gone. */
  openWhole(place: Place): Promise<Found | undefined>;
  /** Its breaks' file, under this key. */
  breaksOf(place: Place, key: Buffer): SealedFile;
  /** Has the member's folder there. @throws StorageFullError. */
  prepare(member: string): Promise<void>;
  /** @param key of its breaks. @throws StorageFullError; nothing of it is left then. */
  write(place: Place, check: CheckSaid, key: Buffer): Promise<KeptCheck>;
  /** What names bear of a ledger: one for each sealing key, of which the first is that of new ones. */
  ledgerTags(member: string, ledger: string): string[];
  /** The same of filters. */
  filtersTags(member: string, filters: Filters): string[];
}

export function createCheckRecords(deps: {
  folder: string;
  isDue: (name: KeptName) => boolean;
  sealer: Sealer;
  log: Logger;
}): CheckRecords {
  const { folder, isDue, sealer, log } = deps;
  const pathOf = ({ member, name }: Place, file: (stem: string) => string): string =>
    join(folder, member, file(stemOf(name)));
  const tags = (member: string, purpose: string, text: string): string[] =>
    sealer.fingerprints(member, purpose, text).map(tagOf);

  function breaksOf(place: Place, key: Buffer): SealedFile {
    return { path: pathOf(place, breaksFile), key, context: `${place.name.id}|breaks` };
  }

  async function open(place: Place): Promise<Found | undefined> {
    const { id, createdAt } = place.name;
    try {
      const sealed = await readFile(pathOf(place, recordFile), 'utf8');
      const text = sealer.open(place.member, purposeOf(id), sealed).toString();
      const { key, ...check } = JSON.parse(text) as CheckSaid & { key: string };
      const breaks = breaksOf(place, Buffer.from(key, 'base64'));
      return { check: { ...check, id, createdAt }, breaks };
    } catch (error) {
      if (error instanceof SealError) {
        log.warn({ check: id, member: place.member, err: error }, 'a check cannot be opened');
      } else if (!isMissing(error)) throw error;
      return undefined;
    }
  }

  return {
    async places(member) {
      const files = await filesOf(join(folder, member));
      const names = files.flatMap((file) => parseRecordFile(file) ?? []);
      return names.filter((name) => !isDue(name)).map((name) => ({ member, name }));
    },
    open,
    async openWhole(place) {
      const found = await open(place);
      if (found === undefined) return undefined;
      const fault = await damageOf(found.breaks);
      if (fault === undefined) return found;
      log.error({ check: found.check.id, err: fault }, 'a kept check is damaged');
      return undefined;
    },
    breaksOf,
    async prepare(member) {
      await mkdir(join(folder, member), { recursive: true, mode: 0o700 }).catch(
        (error: unknown) => {
          throw writeFault(error);
        },
      );
    },
    async write(place, check, key) {
      const { id, createdAt } = place.name;
      const text = JSON.stringify({ ...check, key: key.toString('base64') });
      const sealed = sealer.seal(place.member, purposeOf(id), text);
      await writeWhole(pathOf(place, recordFile), sealed);
      return { ...check, id, createdAt };
    },
    ledgerTags: (member, ledger) => tags(member, 'check-ledger', ledger),
    filtersTags: (member, filters) =>
      tags(member, 'check-filters', JSON.stringify(canonical(filters))),
  };
}

/** Looks at every frame. @returns what is wrong with the file; undefined when it is whole. */
async function damageOf({ path, key, context }: SealedFile): Promise<unknown> {
  try {
    for await (const frame of readFrames(path, key, context)) void frame;
    return undefined;
  } catch (error) {
    if (error instanceof SpoolDamagedError || isMissing(error)) return error;
    throw error;
  }
}
