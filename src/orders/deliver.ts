/** Lays a ready report's rows in the order's folder, one file a format, each once. */
import type { StandingOrder } from '../config/orders.ts';
import type { Clock } from '../lib/clock.ts';
import type { Desk, Report } from '../reports/types.ts';
import { findFormat, type Format } from '../rows/formats/index.ts';
import type { Act } from '../trail/index.ts';
import type { DayChange, OrderDay, Placing } from './days.ts';
import { rowsFault } from './faults.ts';
import {
  completePlaced,
  isPlaced,
  numbered,
  placePart,
  removePart,
  sweepParts,
  writePart,
} from './folder.ts';

export interface DeliveryDeps {
  desk: Pick<Desk, 'openRows'>;
  /** Resolves when the act is on disk; no row may be written before. */
  record: (act: Act) => Promise<void>;
  clock: Clock;
}

/** Changes the day, and gives it as it is then. */
export type WriteDay = (day: OrderDay, change: DayChange) => Promise<OrderDay>;

/** Of one name that is taken by other bytes; more would be somebody's mistake. */
const MAX_NAMES = 1_000;

/**
 * Delivers what is not delivered yet.
 * @returns the day with all its files.
 * @throws what the folder, the rows, the trail or Redis throw: it is tried again then.
 */
export async function deliver(
  deps: DeliveryDeps,
  order: StandingOrder,
  report: Report,
  started: OrderDay,
  write: WriteDay,
  signal: AbortSignal,
): Promise<OrderDay> {
  const { deliver: delivery } = order;
  if (delivery === undefined) return started;
  const { folder } = delivery;
  let day = started;
  if (day.placing !== undefined) day = await resume(folder, day, day.placing, write);
  await sweepParts(folder, deps.clock.now());
  for (const name of delivery.formats) {
    const format = findFormat(name);
    const isThere = day.files.some((file) => file.format === name);
    if (format === undefined || isThere) continue;
    day = await deliverOne(deps, order, report, format, day, write, signal);
  }
  return day;
}

/** A run that died while it gave a file its name: whether it had done so the part tells. */
async function resume(
  folder: string,
  day: OrderDay,
  placing: Placing,
  write: WriteDay,
): Promise<OrderDay> {
  if (!(await isPlaced(folder, placing))) return place(folder, day, placing, placing.name, write);
  await completePlaced(folder, placing, placing.name);
  return delivered(folder, day, placing, write);
}

async function deliverOne(
  deps: DeliveryDeps,
  order: StandingOrder,
  report: Report,
  format: Format,
  day: OrderDay,
  write: WriteDay,
  signal: AbortSignal,
): Promise<OrderDay> {
  const folder = order.deliver?.folder ?? '';
  const fileName = fileNameOf(order, report.processDate, format);
  const { id, member, processDate, filters, rowCount = 0 } = report;
  await deps.record({
    action: 'delivered',
    client: clientOf(order),
    member,
    processDate,
    filters: { ...filters },
    report: id,
    rows: rowCount,
    format: format.name,
    file: fileName,
    end: 'given',
  });
  const part = await writePart(folder, piecesOf(deps, report, format), signal);
  const placing = {
    ...part,
    format: format.name,
    name: fileName,
    deliveredAt: deps.clock.now(),
  };
  return place(folder, day, placing, fileName, write);
}

/** The file; what opening its rows meets is told as theirs too. */
async function* piecesOf(
  { desk }: DeliveryDeps,
  report: Report,
  format: Format,
): AsyncGenerator<Buffer> {
  try {
    yield* format.write(report, await desk.openRows(report));
  } catch (error) {
    throw rowsFault(error);
  }
}

/** Tries one name after the other, each known to the day before it is tried. */
async function place(
  folder: string,
  started: OrderDay,
  placing: Placing,
  fileName: string,
  write: WriteDay,
): Promise<OrderDay> {
  let day = started;
  for (let number = 1; number <= MAX_NAMES; number += 1) {
    const name = numbered(fileName, number);
    day = await write(day, { placing: { ...placing, name } });
    if ((await placePart(folder, placing, name)) === 'taken') continue;
    return delivered(folder, day, { ...placing, name }, write);
  }
  throw new Error('the folder holds too many other files of this name');
}

async function delivered(
  folder: string,
  day: OrderDay,
  placing: Placing,
  write: WriteDay,
): Promise<OrderDay> {
  const { part, ctime: _, ...file } = placing;
  const next = await write(day, { files: [...day.files, file], placing: undefined });
  await removePart(folder, { part });
  return next;
}

/** The name of the client that the desk and the trail know the order by. */
export function clientOf({ name }: Pick<StandingOrder, 'name'>): string {
  return `order:${name}`;
}

function fileNameOf(order: StandingOrder, processDate: string, format: Format): string {
  const values: Record<string, string> = {
    member: order.member,
    processDate,
    order: order.name,
    format: format.name,
    extension: format.extension,
  };
  return (order.deliver?.fileName ?? '').replaceAll(/\{(\w+)\}/g, (_, token: string) => {
    return values[token] ?? '';
  });
}
