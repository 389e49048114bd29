/** The script of standing orders. */
import { defineScript } from '../script.ts';

export const writeOrderDay = defineScript<
  { processDate: string; version: number; text: string; keptMs: number; keptDays: number },
  0 | 1
>('orders/write-day', 1);

export const claimNotices = defineScript<
  { now: number; leaseMs: number; limit: number },
  [id: string, text: string][]
>('orders/claim-notices', 2);
