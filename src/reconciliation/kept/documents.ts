/** A kept check as callers see it. */
import { toIstanbulTimestamp } from '../../lib/dates.ts';
import type { Frame } from '../documents.ts';
import type { KeptCheck } from './record.ts';

/** All but its breaks. */
export function checkDocument(check: KeptCheck): object {
  return { ...headOf(check), ...tailOf(check) };
}

/** What stands around the breaks. */
export function breaksFrame(check: KeptCheck): Frame {
  return {
    head: headOf(check),
    list: 'breaks',
    tail: tailOf(check),
    fields: [
      'break',
      ...check.compared,
      'ledger',
      'mks',
      'difference',
      'firstSeen',
      'ageDays',
      'cause',
    ],
  };
}

function headOf({ createdAt, compared: _compared, counts: _counts, id, ...check }: KeptCheck) {
  return { id, createdAt: toIstanbulTimestamp(createdAt), ...check };
}

/** How many were within the tolerance is said where there was one. */
function tailOf({ tolerance, counts }: KeptCheck) {
  const { withinTolerance, ...others } = counts;
  return { counts: tolerance === undefined ? others : { ...others, withinTolerance } };
}
