/** A process that has done nothing else: `bomb-process.ts ARCHIVE [MOST_BYTES]` tells what meeting it took, as JSON. */
import { readFileSync } from 'node:fs';
import { meet } from './bombs.ts';

const [path = '', most] = process.argv.slice(2);
console.log(JSON.stringify(await meet(readFileSync(path), most ? Number(most) : undefined)));
