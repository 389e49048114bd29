/** Kept lines on their way into sheets, from bytes to bytes where they are as they are kept. */
import { viewOf } from '../../../lib/words.ts';
import { FIELD_NAMES } from '../../columns.ts';
import { createKeptCells, findCells, NOT_AS_KEPT } from '../kept-cells.ts';
import { recordAt } from '../row-batches.ts';
import { ownTurn } from '../turns.ts';
import { createLineWriter, roomFor } from './line-bytes.ts';
import type { SheetRecords } from './records.ts';
import { createRecordWriter, type SheetColumn } from './sheet.ts';

/** What is compressed at a time, about: made in a fifth of a millisecond. */
const XML_BYTES = 128 * 1024;
/** About three milliseconds of work. */
const PARSED_LINES = 400;

/**
 * Those that are taken at a time have a turn of the event loop of their own.
 * @param columns the fields of a row, in their order. @param pieces whole lines, each lent until the next is asked for.
 */
export function keptRecords(
  columns: readonly SheetColumn[],
  pieces: AsyncIterable<Buffer>,
): SheetRecords {
  const source = pieces[Symbol.asyncIterator]();
  const cells = createKeptCells();
  const writeLine = createLineWriter(columns);
  const writeRecord = createRecordWriter(columns);
  let piece: Buffer = Buffer.alloc(0);
  let view = viewOf(piece);
  let at = 0;

  /** Lines that bear their names in another way. */
  function takeParsed(line: number, most: number): { xml: string; records: number } {
    let xml = '';
    let records = 0;
    for (; records < Math.min(most, PARSED_LINES) && at < piece.length; records++) {
      const record = recordAt(piece, at, FIELD_NAMES);
      xml += writeRecord(record.cells, line + records);
      at = record.next;
    }
    return { xml, records };
  }

  return {
    async isAtEnd() {
      while (at >= piece.length) {
        const next = await source.next();
        if (next.done === true) return true;
        piece = next.value;
        view = viewOf(piece);
        at = 0;
      }
      await ownTurn();
      return false;
    },
    take(line, most) {
      let target: Buffer | undefined;
      let used = 0;
      let records = 0;
      while (records < most && at < piece.length) {
        const next = findCells(piece, view, at, cells);
        if (next === NOT_AS_KEPT) break;
        const room = roomFor(next - at);
        target ??= Buffer.allocUnsafeSlow(Math.max(XML_BYTES, room));
        if (used + room > target.length) break;
        used = writeLine(piece, view, cells, line + records, target, used);
        records++;
        at = next;
      }
      return target === undefined
        ? takeParsed(line, most)
        : { xml: target.subarray(0, used), records };
    },
    async leave() {
      await source.return?.();
    },
  };
}
