/** Changes as lines of NDJSON. */
import { createCells, DIFFERENCE, FIRST_AMOUNT, SECOND_AMOUNT } from './line-cells.ts';
import { createPieceWriter, part } from './piece-writer.ts';
import { POSITION_FIELDS } from './positions.ts';
import type { Lines } from './runs.ts';

const [FIRST_FIELD, ...OTHER_FIELDS] = POSITION_FIELDS;
const OPENINGS = {
  added: part(`{"change":"added","${FIRST_FIELD}":"`),
  removed: part(`{"change":"removed","${FIRST_FIELD}":"`),
  changed: part(`{"change":"changed","${FIRST_FIELD}":"`),
};
const BEFORE_FIELDS = OTHER_FIELDS.map((name) => part(`","${name}":"`));
const BEFORE_BEFORE = part('","before":"');
const BEFORE_AFTER = part('","after":"');
const BEFORE_DIFFERENCE = part('","difference":"');
const END = part('"}');

/**
 * @param lines as `compareShelves` gives them, of the later day and the earlier one: the values are the inside of JSON
 *   strings already.
 * @param take is lent each piece of whole lines.
 */
export function writeChanges(lines: Lines, take: (piece: Buffer) => void): void {
  const writer = createPieceWriter(take);
  const cells = createCells();

  function put(before: DataView, cell: number): void {
    writer.put(before).put(lines.view, cells.starts[cell], cells.ends[cell]);
  }

  while (lines.next()) {
    cells.find(lines);
    const [isNew, isGone] = [cells.isEmpty(SECOND_AMOUNT), cells.isEmpty(FIRST_AMOUNT)];
    put(OPENINGS[isNew ? 'added' : isGone ? 'removed' : 'changed'], 0);
    for (let field = 1; field < POSITION_FIELDS.length; field++) {
      put(BEFORE_FIELDS[field - 1] as DataView, field);
    }
    if (!isNew) put(BEFORE_BEFORE, SECOND_AMOUNT);
    if (!isGone) put(BEFORE_AFTER, FIRST_AMOUNT);
    put(BEFORE_DIFFERENCE, DIFFERENCE);
    writer.put(END).endLine();
  }
  writer.finish();
}
