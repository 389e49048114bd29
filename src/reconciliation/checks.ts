/** A caller's ledger against a ready report, as documents; each check is kept before it is told. */
import { defined } from '../lib/defined.ts';
import { createFairTurns } from '../lib/fair-turns.ts';
import type { Page } from '../lib/page.ts';
import { createRest, resting } from '../lib/rest.ts';
import { TooManyReadersError } from '../reports/errors.ts';
import { sendable } from '../reports/spool/sendable.ts';
import type { Desk, Report } from '../reports/types.ts';
import type { Checked } from './check.ts';
import { differenceFormats, type DifferenceFormatName } from './documents.ts';
import { breaksFrame, checkDocument } from './kept/documents.ts';
import {
  type CheckDraft,
  type CheckListQuery,
  type Found,
  type KeptChecks,
  readBreaks,
} from './kept/kept-checks.ts';
import type { Acceptance } from './kept/record.ts';
import { createLedgerRunner, type LedgerAsked, type Reader } from './ledger-runner.ts';

/** Kept breaks are a stream from the disk, as rows are. */
const READINGS = { places: 32, placesOfOne: 16, waitMs: 120_000, mayRestMs: 5_000 };

export interface KeptAsked extends Reader {
  format: DifferenceFormatName;
}

export interface CheckAsked extends LedgerAsked {
  /** What the check is to be called: a UUID. */
  id: string;
  /** A ready one. */
  report: Report;
  /** What the caller calls the ledger. */
  ledger: string;
  format: DifferenceFormatName;
  /** A decimal number: smaller differences count as none. */
  tolerance?: string;
}

export interface Checks {
  /**
   * The document, in pieces; it begins when all is compared and kept.
   * @throws LedgerError, LedgerTooLargeError, ReportGoneError, ArchiveError, MksError, SpoolDamagedError,
   *   StorageFullError and TooManyReadersError, all before the first piece.
   */
  read(asked: CheckAsked): AsyncIterable<Buffer>;
  /**
   * Reads the whole ledger, compares nothing, and shows its first lines.
   * @param lines how many.
   */
  preview(asked: LedgerAsked, lines: number): AsyncIterable<Buffer>;
  /** A check that was made, whichever member's it is. */
  find(id: string): Promise<Found | undefined>;
  /** Those that were made, without their breaks, newest first. @throws CursorError for a cursor that is none of its own. */
  list(query: CheckListQuery): Promise<Page<object>>;
  /** The document of a kept check, in pieces. @throws SpoolDamagedError, TooManyReadersError. */
  readKept(found: Found, asked: KeptAsked): AsyncIterable<Buffer>;
}

interface ChecksDeps {
  desk: Pick<Desk, 'rowFiles'>;
  kept: KeptChecks;
  /** MKS's answer to a message of the member's as it was signed, as far as there is one. */
  answerTo: (member: string, senderReference: string) => Promise<string | undefined>;
  /** For what does not fit into memory; made when it is missing. */
  folder: string;
}

export function createChecks({ desk, kept, answerTo, folder }: ChecksDeps): Checks {
  const run = createLedgerRunner(folder);
  const readings = createFairTurns({ ...READINGS, tooLong: () => new TooManyReadersError() });

  async function* read(asked: CheckAsked): AsyncGenerator<Buffer> {
    const { id, report, ledger, format, tolerance } = asked;
    const { member, processDate, filters } = report;
    let draft: CheckDraft | undefined;
    const prepare = async () => {
      const { files, rowCount } = await desk.rowFiles(report);
      draft = await kept.begin(id, { member, ledger, filters }, processDate);
      const history = draft.history.map((each) => ({ ...each, breaks: sendable(each.breaks) }));
      const keep = { processDate, breaks: sendable(draft.breaks), history };
      return { rows: files.map(sendable), rowCount, keep, ...defined({ tolerance }) };
    };
    try {
      yield* run(asked, prepare, async (checked, ledgerSha256, lines) => {
        const check = await draft?.commit({
          ...aboutCheck(asked, checked),
          ledgerSha256,
          ...defined({ mks: await acceptanceOf(report) }),
        });
        if (check === undefined) throw new Error('a check was made without a draft');
        return differenceFormats[format].write(breaksFrame(check), lines);
      });
    } finally {
      await draft?.discard();
    }
  }

  async function acceptanceOf({ member, acceptance }: Report): Promise<Acceptance | undefined> {
    const { code, senderReference, messageId } = acceptance ?? {};
    if (code === undefined || senderReference === undefined) return undefined;
    const answer = await answerTo(member, senderReference);
    return { code, senderReference, ...defined({ messageId, answer }) };
  }

  return {
    read,
    preview: (asked, lines) =>
      run(
        asked,
        async () => ({ rows: [], rowCount: 0, dryRun: lines }),
        async ({ lineCount, decimalSign, ignoredColumns, lines: shown }) => {
          const document = { lineCount, decimalSign, ignoredColumns, lines: shown };
          return [Buffer.from(`${JSON.stringify(document)}\n`)];
        },
      ),
    find: (id) => kept.find(id),
    async list(query) {
      const { items, ...rest } = await kept.list(query);
      return { items: items.map(checkDocument), ...rest };
    },
    async *readKept({ check, breaks }, { format, client, signal, letGo }) {
      const rest = createRest();
      const leave = await readings.enter(client, { restedMs: rest.ms, end: letGo }, signal);
      try {
        const document = differenceFormats[format].write(breaksFrame(check), readBreaks(breaks));
        yield* resting(document, rest);
      } finally {
        leave();
      }
    },
  };
}

/** What is kept, but for the digest of the ledger and MKS's answer. */
function aboutCheck({ client, report, ledger, tolerance, profile }: CheckAsked, checked: Checked) {
  const { member, processDate, filters, refId, rowCount = 0 } = report;
  const { lineCount, ignoredColumns, compared, rowsSha256, kept } = checked;
  if (kept === undefined) throw new Error('the thread has kept nothing');
  const { breaksSha256, ...changes } = kept;
  return {
    client,
    member,
    processDate,
    filters,
    ledger,
    lineCount,
    ignoredColumns,
    compared,
    rowsSha256,
    rowCount,
    breaksSha256,
    report: report.id,
    counts: { ...checked.counts, ...changes },
    ...defined({ tolerance, profile: profile?.name, refId }),
  };
}
