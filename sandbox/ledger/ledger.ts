/** A back office's ledger of a day, as CSV, with breaks that are known. */
import { ROW_FIELDS, type Row } from '../data/columns.ts';
import { csvBytes } from '../data/file-bytes.ts';
import { expectedRows, type RowRequest } from '../data/rows.ts';
import { type Break, breaksOf, explain, type PositionField } from './breaks.ts';
import type { JsonObject } from '../json.ts';
import type { World } from '../world.ts';
import { minus, toDecimal, toText } from './decimal.ts';
import { type LedgerOrder, readOrder } from './order.ts';
import { planBreaks } from './plan.ts';

export interface Ledger {
  lineCount: number;
  /** What a check against the day's report has to find, sorted by position. */
  breaks: Break[];
  counts: { matched: number; onlyInLedger: number; onlyAtMks: number; different: number };
  /** The CSV, made while it is read. */
  bytes(): AsyncGenerator<Uint8Array>;
}

/** @param body of `POST /_sandbox/ledger`. @throws RangeError for one that makes no sense. */
export function orderLedger({ seed, settings, members }: World, body: JsonObject): Ledger {
  const { member = [...members.keys()][0] } = body;
  if (typeof member !== 'string' || !members.has(member)) {
    throw new RangeError(`unknown member ${String(member)}`);
  }
  return makeLedger({ seed, member, rows: settings.shape.rows }, readOrder(body));
}

/** The same for the same order. @throws RangeError when the report is too small for the breaks. */
function makeLedger(
  report: Pick<RowRequest, 'seed' | 'member' | 'rows'>,
  { processDate, filters, breaks, columns, lots, shape }: LedgerOrder,
): Ledger {
  const rows = () => expectedRows({ ...report, processDate, filters });
  const plan = planBreaks(rows, breaks);
  const found: ReturnType<typeof breaksOf> = [];
  let [lineCount, rowCount] = [0, 0];
  for (const row of rows()) {
    const planned = plan(row);
    rowCount += 1;
    lineCount += planned.lines.length * (lots ? 2 : 1);
    found.push(...breaksOf(row, planned));
  }
  const held = (name: Break['break']) => found.filter(([, each]) => each.break === name).length;
  const [onlyAtMks, different] = [held('only-at-mks'), held('different')];
  const fields = ROW_FIELDS.slice(2, -1).filter((name) =>
    columns.some(({ field }) => field === name),
  );
  return {
    lineCount,
    breaks: explain(found, fields as PositionField[]),
    counts: {
      matched: rowCount - onlyAtMks - different,
      onlyInLedger: held('only-in-ledger'),
      onlyAtMks,
      different,
    },
    bytes: () => csvBytes(linesOf(rows(), plan, lots), shape, columns),
  };
}

function* linesOf(
  rows: Iterable<Row>,
  plan: ReturnType<typeof planBreaks>,
  lots: boolean,
): Generator<Row> {
  for (const row of rows) {
    for (const line of plan(row).lines) {
      if (lots) yield* inTwoLines(line);
      else yield line;
    }
  }
}

/** Together they are the balance, with as many places. */
function* inTwoLines(line: Row): Generator<Row> {
  const amount = toDecimal(line.balanceAmount);
  const part = { units: amount.units / 3n, places: amount.places };
  yield { ...line, balanceAmount: toText(part) };
  yield { ...line, balanceAmount: toText(minus(amount, part)) };
}
