/** Dates as they stand in the members file. */

/** Whether `YYYY-MM-DD` names a day that exists. */
export function isRealDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** RFC 3339 §5.6, with its offset → wall milliseconds; undefined when it names no instant. */
export function parseInstant(text: string): number | undefined {
  const match = /^(.{10})T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/.exec(text);
  const instantMs = Date.parse(text);
  if (match?.[1] === undefined || !isRealDate(match[1]) || Number.isNaN(instantMs))
    return undefined;
  return instantMs;
}
