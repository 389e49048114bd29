/** MKS's four groups of services and the hours in which each is open: what to call them, no more. */

/** MKS 8: 1 leaves balances alone, 2 changes them, 3 electronic warehouse receipts, 4 asynchronous. */
export type HoursGroup = 1 | 2 | 3 | 4;

/** Minutes since midnight in Istanbul; the end is exclusive, and before the start it is the next day's. */
export interface ServiceWindow {
  /** 0 to 1439. */
  startMinute: number;
  /** 1 to 1440; with a start at 0 it is open always. */
  endMinute: number;
}

export type ServiceWindows = Readonly<Record<HoursGroup, Readonly<ServiceWindow>>>;
