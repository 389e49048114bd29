/**
 * Looks at a configuration, the way to MKS and what MKS says, and tells for each what is wrong and
 * who mends it, in Turkish or English. Exit code 0: all is well, warnings or not; 1: something is wrong; 2: it cannot be told.
 */
import { parseArgs } from 'node:util';
import { systemClock } from '../src/lib/clock.ts';
import { examine } from './doctor/examine.ts';
import type { Finding } from './doctor/finding.ts';
import { documentOf, isWell, languageOf, lineOf, summaryOf } from './doctor/report.ts';

const USAGE = `Usage: npm run doctor -- [options], with the environment of the gateway
  --signed   also ask MKS a signed question: it proves both certificates
  --json     one JSON object in place of lines`;

async function main(): Promise<void> {
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({ options: { signed: flag, json: flag } });
  const language = languageOf(process.env);
  const findings: Finding[] = [];
  const { signed, json } = values;
  for await (const finding of examine({ env: process.env, clock: systemClock, signed })) {
    findings.push(finding);
    if (!json) console.log(lineOf(finding, language));
  }
  if (json) console.log(JSON.stringify(documentOf(findings, language, systemClock.now()), null, 2));
  else console.log(`\n${summaryOf(findings, language)}`);
  process.exitCode = isWell(findings) ? 0 : 1;
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  if (error instanceof Error && 'code' in error && String(error.code).includes('PARSE_ARGS')) {
    console.error(`\n${USAGE}`);
  }
  process.exitCode = 2;
}
