/** Records on their way into sheets: texts of any columns. */
import { createRecordWriter, type SheetColumn } from './sheet.ts';

export interface SheetRecords {
  /** Waits for records. @returns whether there are no more. @throws what their source throws. */
  isAtEnd(): Promise<boolean>;
  /**
   * Some of those that it has waited for.
   * @param line of the sheet, which the first of them becomes. @param most how many at most, one at least.
   */
  take(line: number, most: number): { xml: Buffer | string; records: number };
  /** Leaves the source. */
  leave(): Promise<void>;
}

/** @param batches records, each a text for each column. */
export function textRecords(
  columns: readonly SheetColumn[],
  batches: AsyncGenerator<string[][]>,
): SheetRecords {
  const write = createRecordWriter(columns);
  let rest: string[][] = [];
  return {
    async isAtEnd() {
      while (rest.length === 0) {
        const next = await batches.next();
        if (next.done === true) return true;
        rest = next.value;
      }
      return false;
    },
    take(line, most) {
      const taken = rest.splice(0, most);
      return {
        xml: taken.map((cells, at) => write(cells, line + at)).join(''),
        records: taken.length,
      };
    },
    async leave() {
      await batches.return(undefined);
    },
  };
}
