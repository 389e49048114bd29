/** `node src/server.js` under another clock: the machine's, moved by what a file says in milliseconds. */
import { readFileSync } from 'node:fs';
import { run } from '../../src/process.ts';

const LOOK_MS = 20;
const file = process.env['SIMULATED_OFFSET_FILE'] ?? '';
let offsetMs = 0;

function look(): void {
  const text = readFileSync(file, 'utf8');
  // Empty while it is being written.
  if (text !== '') offsetMs = Number(text);
}
look();
setInterval(look, LOOK_MS).unref();
const { SIMULATED_OFFSET_FILE: _, ...environment } = process.env;
const clock = { now: () => Date.now() + offsetMs, elapsedMs: () => performance.now() };
if (!(await run(environment, clock))) process.exit(1);
