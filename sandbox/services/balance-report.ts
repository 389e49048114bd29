/** `balance-report`: starts a report unless one of the member's is being made (MKS 5.1). */
import type { Filters } from '../data/rows.ts';
import { rejection, success, type Answer } from '../http/answer.ts';
import { textOf, type JsonObject } from '../json.ts';
import type { World } from '../world.ts';
import type { Message } from './message.ts';

const FILTERS = [
  ...(['subAccNo', 'isin', 'secClass', 'secType'] as const),
  ...(['accClass', 'portfolioCode', 'accNo'] as const),
];

/** Account classes and ISINs that begin with XX do not exist here. */
export async function balanceReport(world: World, message: Message): Promise<Answer> {
  const { member, payload } = message;
  if (textOf(payload, 'accClass')?.startsWith('XX')) return rejection(message, 'RP037');
  if (textOf(payload, 'isin')?.startsWith('XX')) return rejection(message, 'RP038');
  const report = world.reports.start({
    member,
    processDate: textOf(payload, 'processDate') ?? '',
    filters: filtersOf(payload),
    fileType: payload['fileType'] === 'csv' ? 'csv' : 'json',
    zipPassword: textOf(payload, 'zipPassword') ?? '',
  });
  if (report === undefined) {
    world.journal.count(member, 'overlapsRefused');
    return rejection(message, 'RP003');
  }
  world.journal.count(member, 'reportsAccepted');
  if (world.reports.running(member) > 1) world.journal.count(member, 'overlapsAccepted');
  return success(message, { refId: report.refId });
}

function filtersOf(payload: JsonObject): Filters {
  const filters: Filters = {};
  for (const name of FILTERS) {
    const value = textOf(payload, name);
    if (value !== undefined) filters[name] = value;
  }
  return filters;
}
