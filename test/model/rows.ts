/** The balances of a day, as MKS has them: lines that nobody could take for those of another. */
const ROWS = 3;

/** @returns one line a row. */
export function rowsOf(member: string, processDate: string, isin = 'all'): string {
  return Array.from({ length: ROWS }, (_, n) => `${member} ${processDate} ${isin} ${n}\n`).join('');
}
