/** A check made and kept without a thread, as the thread makes it. */
import { randomUUID } from 'node:crypto';
import { checkLedger } from '../../src/reconciliation/check.ts';
import {
  type Found,
  type KeptChecks,
  readBreaks,
  type Series,
} from '../../src/reconciliation/kept/kept-checks.ts';
import {
  closeScratch,
  createScratchWriter,
  openScratch,
} from '../../src/reconciliation/scratch.ts';

export type Break = Record<string, string | number>;

/**
 * Checks a ledger against no rows at all: every line of it is a break.
 * @param folder for what does not fit into memory.
 */
export async function keepCheck(
  kept: KeptChecks,
  folder: string,
  { text, processDate, ...series }: Series & { text: string; processDate: string },
) {
  const id = randomUUID();
  const draft = await kept.begin(id, series, processDate);
  const [scratch, into] = [openScratch(folder), openScratch(folder)];
  try {
    const pieces = [createScratchWriter(scratch)(Buffer.from(text))];
    const ledger = { scratch, pieces, bytes: Buffer.byteLength(text) };
    const keep = { processDate, breaks: draft.breaks, history: draft.history };
    const checked = await checkLedger({ ledger, rows: [], rowCount: 1, keep, folder, into });
    if (checked.kept === undefined) throw new Error('nothing was kept');
    const { breaksSha256, ...changes } = checked.kept;
    return await draft.commit({
      ...series,
      client: 'test',
      processDate,
      lineCount: checked.lineCount,
      ignoredColumns: checked.ignoredColumns,
      compared: checked.compared,
      ledgerSha256: '',
      rowsSha256: checked.rowsSha256,
      rowCount: 0,
      breaksSha256,
      report: randomUUID(),
      counts: { ...checked.counts, ...changes },
    });
  } finally {
    closeScratch(scratch);
    closeScratch(into);
  }
}

export async function breaksOf({ breaks }: Found): Promise<{ text: string; breaks: Break[] }> {
  const text = Buffer.concat(await Array.fromAsync(readBreaks(breaks))).toString();
  const lines = text.split('\n').slice(0, -1);
  return { text, breaks: lines.map((line) => JSON.parse(line) as Break) };
}
