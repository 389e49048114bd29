/** Changes that no test notices because there is nothing to notice, each with its reason. */
import { type Mutant, shown } from './mutate.ts';

/** By file, then by the change as the page shows it. */
const REASONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'src/mks/reference.ts': {
    '4000 → 4001': 'one of nine pauses between tries: a millisecond more is as good',
  },
  'src/mks/token.ts': {
    '5 → 6': 'how early a token is renewed, behind everybody: a minute earlier is as good',
  },
  'src/reports/life/retry.ts': {
    '30 → 31':
      'keeps a power from growing for ever; after thirty steps the longest pause holds long since',
  },
  'src/rows/formats/xlsx.ts': { '16 → 17': 'the width of a column' },
  'src/rows/read/csv-header.ts': {
    'index >= 0 → true':
      'what is no delimiter is counted at -1, where the counts of an array do not look',
  },
  'src/rows/read/text-pieces.ts': {
    '1024 → 1025': 'how much is decoded in one go: the text is the same',
  },
  'src/trail/stamps/index.ts': {
    '60_000 → 60001': 'how often it is looked whether a stamp is due, and when it is tried again',
  },
  'src/trail/writer.ts': {
    '1_000 → 1001': 'how many lines share a write: the file is the same',
  },
};

export function explanationOf(mutant: Mutant): string | undefined {
  return REASONS[mutant.file]?.[shown(mutant)];
}
