/**
 * Checks that were made, kept for some hundred days: DATA_DIR/checks, a folder a member, two files a check.
 *
 * The breaks are sealed as the spool's rows are; the record, which holds their key, is sealed as what rests in Redis
 * is, for its member. It is written last and takes its name as a whole: where it stands the check is whole. Replicas
 * that share the folder share the checks.
 */
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { Clock } from '../../lib/clock.ts';
import { isOlder, newestFirst, parseCursor, toCursor, type Page } from '../../lib/page.ts';
import { readFrames, type SealedFile } from '../../reports/spool/frames.ts';
import { inflateLines } from '../../reports/spool/zstd.ts';
import type { Filters } from '../../reports/types.ts';
import type { Sealer } from '../../state/sealing.ts';
import { memberFolders } from './files.ts';
import { historyOf, type KeptName, placeOf } from './names.ts';
import type { KeptCheck } from './record.ts';
import { type CheckRecords, type CheckSaid, createCheckRecords, type Found } from './records.ts';
import { type CheckRetention, createCheckRetention } from './retention.ts';

export type { Found };

const DAY_MS = 86_400_000;
const ID = /^[0-9a-f-]{36}$/;

/** What checks have in common of which each carries on the one before. */
export interface Series {
  member: string;
  ledger: string;
  filters: Filters;
}

/** A check that is being made. */
export interface CheckDraft {
  /** Where its breaks go. */
  breaks: SealedFile;
  /** Those before it that tell since when breaks are there, in order; the last is the one before. */
  history: { processDate: string; breaks: SealedFile }[];
  /** Has it kept: the breaks are written. @throws StorageFullError, SealError. */
  commit(check: CheckSaid): Promise<KeptCheck>;
  /** Lets go of it, unless it is kept. */
  discard(): Promise<void>;
}

export interface CheckListQuery {
  members: readonly string[];
  ledger?: string;
  limit: number;
  cursor?: string;
}

export interface KeptChecks extends CheckRetention {
  /** @throws StorageFullError, SpoolDamagedError. */
  begin(id: string, series: Series, processDate: string): Promise<CheckDraft>;
  /** Whichever member's it is. */
  find(id: string): Promise<Found | undefined>;
  /** Newest first. @throws CursorError for a cursor that is none of its own. */
  list(query: CheckListQuery): Promise<Page<KeptCheck>>;
}

interface KeptChecksDeps {
  folder: string;
  retentionDays: number;
  sealer: Sealer;
  clock: Pick<Clock, 'now'>;
  log: Logger;
}

/** The breaks in pieces of whole lines of NDJSON. @throws SpoolDamagedError. */
export async function* readBreaks({ path, key, context }: SealedFile): AsyncGenerator<Buffer> {
  yield* inflateLines(readFrames(path, key, context));
}

export function createKeptChecks(deps: KeptChecksDeps): KeptChecks {
  const { folder, retentionDays, sealer, clock, log } = deps;
  const isDue = ({ createdAt }: KeptName): boolean =>
    createdAt + retentionDays * DAY_MS <= clock.now();
  const records = createCheckRecords({ folder, isDue, sealer, log });

  async function begin(id: string, series: Series, processDate: string): Promise<CheckDraft> {
    const { member, ledger, filters } = series;
    const [ledgerTag = ''] = records.ledgerTags(member, ledger);
    const [filtersTag = ''] = records.filtersTags(member, filters);
    const createdAt = clock.now();
    const place = { member, name: { createdAt, processDate, ledgerTag, filtersTag, id } };
    const history = await findHistory(records, series, processDate);
    await records.prepare(member);
    const key = randomBytes(32);
    const breaks = records.breaksOf(place, key);
    let isKept = false;
    return {
      breaks,
      history: history.map((each) => ({
        processDate: each.check.processDate,
        breaks: each.breaks,
      })),
      async commit(check) {
        const kept = await records.write(place, check, key);
        isKept = true;
        return kept;
      },
      async discard() {
        if (!isKept) await rm(breaks.path, { force: true });
      },
    };
  }

  async function list({ members, ledger, limit, cursor }: CheckListQuery) {
    const before = cursor === undefined ? undefined : parseCursor(cursor, ID);
    const found = members.map(async (member) => {
      const tags = ledger === undefined ? undefined : records.ledgerTags(member, ledger);
      const places = await records.places(member);
      return places.filter(({ name }) => tags?.includes(name.ledgerTag) ?? true);
    });
    const places = (await Promise.all(found))
      .flat()
      .filter(({ name }) => before === undefined || isOlder(placeOf(name), before))
      .toSorted((one, other) => newestFirst(placeOf(one.name), placeOf(other.name)));
    const page = places.slice(0, limit);
    const opened = await Promise.all(page.map(records.open));
    const items = opened.flatMap((each) => (each === undefined ? [] : [each.check]));
    const last = page.at(-1)?.name;
    if (places.length <= limit || last === undefined) return { items };
    return { items, nextCursor: toCursor(placeOf(last)) };
  }

  async function find(id: string): Promise<Found | undefined> {
    for (const member of await memberFolders(folder)) {
      const place = (await records.places(member)).find(({ name }) => name.id === id);
      const found = place && (await records.open(place));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  return { begin, find, list, ...createCheckRetention({ folder, isDue, clock, log }) };
}

/**
 * What tells since when breaks of this day are there: earlier checks of the same series, in order. One that cannot be
 * read any more is left out: it would keep its ledger from being checked until it is gone.
 */
async function findHistory(
  records: CheckRecords,
  { member, ledger, filters }: Series,
  processDate: string,
): Promise<Found[]> {
  const ledgers = records.ledgerTags(member, ledger);
  const filterings = records.filtersTags(member, filters);
  let names = (await records.places(member))
    .map(({ name }) => name)
    .filter(
      (name) =>
        ledgers.includes(name.ledgerTag) &&
        filterings.includes(name.filtersTag) &&
        name.processDate <= processDate,
    );
  for (;;) {
    const wanted = historyOf(names);
    const found = await Promise.all(wanted.map((name) => records.openWhole({ member, name })));
    const lost = wanted.filter((_, at) => found[at] === undefined);
    if (lost.length === 0) return found.filter((each) => each !== undefined);
    names = names.filter((name) => !lost.includes(name));
  }
}
