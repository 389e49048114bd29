/** Changes that no test notices because there is nothing to notice, each with its reason. */
import { type Mutant, shown } from './mutate.ts';

type By<Value> = Readonly<Record<string, Value>>;

/** By file, by the line as a mutant shows it, and by the change: a reason holds for the line that it was given for. */
const REASONS: By<By<By<string>>> = {
  'src/mks/hsm/program.ts': {
    'if (process.connected) process.send?.(reply);': {
      'process.connected → true': 'the process ends either way when nobody is there to be answered',
    },
  },
  'src/mks/reference.ts': {
    'const LATER_MS = [250, 500, 1000, 2000, 4000, 8000, 15_000, …': {
      '4000 → 4001': 'one of nine pauses between tries: a millisecond more is as good',
    },
  },
  'src/mks/shared-login.ts': {
    'const POLL_MS = 50;': {
      '50 → 51': 'how often it is looked whether another process has logged in',
    },
  },
  'src/mks/token.ts': {
    'const RENEW_AHEAD_MS = 5 * 60_000;': {
      '5 → 6': 'how early a token is renewed, behind everybody: a minute earlier is as good',
    },
  },
  'src/reports/life/retry.ts': {
    'const grown = Math.min(first * GROWTH ** Math.min(pauses, 30…': {
      '30 → 31':
        'keeps a power from growing for ever; after thirty steps the longest pause holds long since',
    },
  },
  'src/rows/formats/kept-columns.ts': {
    'rows: (): number => columns[0]?.length ?? 0,': {
      '0 → 1': 'every column has as many texts, and the first is always there',
    },
  },
  'src/rows/formats/xlsx.ts': {
    'const WIDTHS = [14, 9, 18, 10, 14, 8, 16, 18, 24];': { '16 → 17': 'the width of a column' },
  },
  'src/rows/read/csv-header.ts': {
    'if (index >= 0) counts[index] = (counts[index] ?? 0) + 1;': {
      'index >= 0 → true':
        'what is no delimiter is counted at -1, where the counts of an array do not look',
    },
  },
  'src/rows/read/csv-rows.ts': {
    'const BLANK_LINES_MAX = 1024;': {
      '1024 → 1025': 'how many blank lines a file may end with: no file of MKS has so many',
    },
  },
  'src/rows/read/json-values.ts': {
    'return false;': {
      'false → true': 'a text that need not be written anew comes out as it was; only time is lost',
    },
  },
  'src/rows/read/row-gatherer.ts': {
    'starts: new Int32Array(FIELD_COUNT + 1),': { '1 → 2': 'one place more than is used' },
  },
  'src/rows/read/text-pieces.ts': {
    'export const PIECE_MAX_BYTES = 256 * 1024;': {
      '1024 → 1025': 'how much is decoded in one go: the text is the same',
    },
  },
  'src/trail/retention.ts': {
    'const DAY_MS = 86_400_000;': {
      '86_400_000 → 86400001': 'a millisecond more for each day that a file is kept',
    },
  },
  'src/trail/stamps/index.ts': {
    'const LOOK_MS = 60_000;': {
      '60_000 → 60001': 'how often it is looked whether a stamp is due',
    },
    'const RETRY_MS = 5 * 60_000;': {
      '60_000 → 60001': 'when a stamp that failed is tried again',
    },
  },
  'src/trail/survey.ts': {
    'const MOST_NAMED = 1_000;': {
      '1_000 → 1001': 'how many ends a first line names; the next one names those that are left',
    },
  },
  'src/trail/writer.ts': {
    'const MAX_BATCH = 1_000;': {
      '1_000 → 1001': 'how many lines share a write: the file is the same',
    },
  },
};

export function explanationOf(mutant: Mutant): string | undefined {
  return REASONS[mutant.file]?.[mutant.text]?.[shown(mutant)];
}

/** @param all every mutant of the sources @returns the explanations that fit none of them any more */
export function outlivedAmong(all: readonly Mutant[]): string[] {
  const held = new Set(all.filter(explanationOf).map(({ name }) => name));
  const names = Object.entries(REASONS).flatMap(([file, lines]) =>
    Object.entries(lines).flatMap(([line, changes]) =>
      Object.keys(changes).map((change) => `${file} | ${change} | ${line}`),
    ),
  );
  return names.filter((name) => !held.has(name));
}
