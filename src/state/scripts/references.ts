/** The scripts of references (MKS 3.2.2): issued, sent again, settled. */
import { defineScript } from '../script.ts';

export const issueReference = defineScript<
  {
    prefix: string;
    random: string;
    service: string;
    payload: string;
    sendingMs: number;
    keptMs: number;
    tokenEnd: string;
  },
  [reference: string, tokenRemainingMs: number]
>('references/issue', 3);

export const resendReference = defineScript<
  {
    reference: string;
    service: string;
    payloads: readonly string[];
    sendingMs: number;
    keptMs: number;
  },
  [standing: 'sending' | 'under-way' | 'used' | 'other', number: number]
>('references/resend', 1);

export const settleReference = defineScript<
  {
    reference: string;
    attempt: number;
    state: 'answered' | 'not-sent';
    messageId?: string;
    usedKeptMs: number;
  },
  0 | 1
>('references/settle', 1);
