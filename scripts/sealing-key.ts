/** Prints a new line for the sealing keys file. */
import { newSealingKeyLine } from '../src/config/sealing-keys.ts';

const USAGE = `Usage: npm run --silent sealing-key
  Prints a line for SEALING_KEYS_FILE. Put it first to seal with it from now on, and leave the
  lines before it until nothing is left that they opened.`;

if (process.argv.length > 2) {
  console.error(USAGE);
  process.exitCode = 2;
} else {
  console.log(newSealingKeyLine(Date.now()));
}
