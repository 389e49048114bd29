/** The script of the journal. */
import { defineScript } from '../script.ts';

/** One entry as it is handed to the script. */
export interface WrittenEntry {
  id: string;
  /** Wall ms, whole. */
  time: number;
  reference: string;
  text: string;
}

export const writeJournal = defineScript<
  {
    now: number;
    keptMs: number;
    maxEntries: number;
    maxBytes: number;
    entryBytes: number;
    maxRemoved: number;
    idsOfReference: number;
    entries: readonly WrittenEntry[];
  },
  number
>('journal/write', 4);
