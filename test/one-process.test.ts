/** Hostile replies and faults of a connection, a hundred small files: in this one process, not one in each. */
import { globSync } from 'node:fs';
import { join } from 'node:path';

const files = globSync('{replies,faults}/*.test.ts', { cwd: import.meta.dirname }).toSorted();
for (const file of files) await import(join(import.meta.dirname, file));
