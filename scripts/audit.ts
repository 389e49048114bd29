/**
 * Asks the registry whether a package of the lockfile has a known vulnerability, and keeps apart
 * what `npm audit` mixes up. Exit code 0: nothing found; 1: something found; 2: it could not be
 * asked, so nothing is known (0 with --if-possible, for machines that may not reach a registry).
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const USAGE = `Usage: npm run audit -- [options]
  --all           development packages too
  --if-possible   exit code 0 when the registry cannot be asked`;

interface Advisory {
  name: string;
  severity: string;
  range: string;
}

type Audit = { kind: 'asked'; found: Advisory[] } | { kind: 'not-asked'; why: string };

/** A registry that is away is worth one more try, not npm's minutes of waiting. */
const PATIENCE = ['--fetch-retries=1', '--fetch-retry-mintimeout=500', '--fetch-timeout=30000'];

function audit(isAll: boolean): Audit {
  const args = ['audit', '--json', ...PATIENCE, ...(isAll ? [] : ['--omit=dev'])];
  const { stdout, error } = spawnSync('npm', args, {
    cwd: join(import.meta.dirname, '..'),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error !== undefined) return { kind: 'not-asked', why: error.message };
  let report: unknown;
  try {
    report = JSON.parse(stdout);
  } catch {
    return { kind: 'not-asked', why: 'npm audit gave no report' };
  }
  if (typeof report !== 'object' || report === null || !('vulnerabilities' in report)) {
    return { kind: 'not-asked', why: reasonIn(report) };
  }
  const found = Object.values(report.vulnerabilities as Record<string, Advisory>);
  return { kind: 'asked', found };
}

function reasonIn(report: unknown): string {
  const { message, error } = (report ?? {}) as {
    message?: string;
    error?: { summary?: string; code?: string };
  };
  return [message, error?.summary, error?.code].find((text) => text) ?? 'npm audit gave no reason';
}

function main(): number {
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({ options: { all: flag, 'if-possible': flag } });
  const result = audit(values.all);
  if (result.kind === 'not-asked') {
    console.error(`audit: COULD NOT RUN, nothing is known: ${result.why}`);
    return values['if-possible'] ? 0 : 2;
  }
  const which = values.all ? 'all packages' : 'packages of production';
  if (result.found.length === 0) {
    console.log(`audit: nothing found in ${which}`);
    return 0;
  }
  for (const { name, severity, range } of result.found) {
    console.error(`audit: ${name} ${range}: ${severity}`);
  }
  console.error(`audit: ${result.found.length} found in ${which}; npm audit tells more`);
  return 1;
}

try {
  process.exitCode = main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.error(`\n${USAGE}`);
  process.exitCode = 2;
}
