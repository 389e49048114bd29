/** Tells of each finding as it is made, or of all of them as one document. */
import { systemClock } from '../../src/lib/clock.ts';
import type { Shell } from '../shell.ts';
import { examine } from './examine.ts';
import type { Finding } from './finding.ts';
import { documentOf, isWell, lineOf, summaryOf } from './report.ts';

/** @returns whether all is well; warnings are. @throws whatever keeps it from telling. */
export async function visit(
  { env, language }: Shell,
  { signed = false, json = false }: { signed?: boolean; json?: boolean },
): Promise<boolean> {
  const findings: Finding[] = [];
  for await (const finding of examine({ env, clock: systemClock, signed })) {
    findings.push(finding);
    if (!json) console.log(lineOf(finding, language));
  }
  if (json) console.log(JSON.stringify(documentOf(findings, language, systemClock.now()), null, 2));
  else console.log(`\n${summaryOf(findings, language)}`);
  return isWell(findings);
}
