/** The script that counts requests. */
import { defineScript } from '../script.ts';

export const countRequests = defineScript<
  { counts: readonly { name: string; by: number; windowMs: number }[] },
  [current: number, remainingMs: number][]
>('requests/count', 0);
