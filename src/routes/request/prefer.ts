/** The caller's preferences on waiting (RFC 7240 §4.1 and §4.3). */

const WAIT_LIMIT_SECONDS = 120;

export interface WaitPreference {
  /** How long to wait for the report's end, in milliseconds; undefined when the caller did not say. */
  waitMs?: number;
  /** Not to wait, whatever else is said. */
  respondAsync: boolean;
  /** For `Preference-Applied`; undefined when nothing was honoured. */
  applied?: string;
}

/**
 * Reads `Prefer`. The first `wait` counts; one that is not a whole number of seconds is ignored, one
 * above 120 is 120. `respond-async` wins over `wait`.
 */
export function readPrefer(header: string | string[] | undefined): WaitPreference {
  if (header === undefined) return { respondAsync: false };
  const preferences = [header]
    .flat()
    .join(',')
    .split(',')
    .map((preference) => (preference.split(';')[0] ?? '').trim().toLowerCase());
  if (preferences.includes('respond-async')) {
    return { respondAsync: true, waitMs: 0, applied: 'respond-async' };
  }
  const wait = preferences.find((preference) => /^wait\s*=/.test(preference));
  const seconds = wait === undefined ? undefined : /^wait\s*=\s*"?(\d{1,9})"?$/.exec(wait)?.[1];
  if (seconds === undefined) return { respondAsync: false };
  const honoured = Math.min(Number(seconds), WAIT_LIMIT_SECONDS);
  return { respondAsync: false, waitMs: honoured * 1000, applied: `wait=${honoured}` };
}
