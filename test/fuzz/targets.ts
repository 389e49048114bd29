/** All that is fuzzed. */
import { archive } from './archive.ts';
import { jws } from './jws.ts';
import { ledger } from './ledger.ts';
import { rows } from './rows.ts';
import type { Target } from './target.ts';

export const targets: readonly Target[] = [archive, rows, jws, ledger];
