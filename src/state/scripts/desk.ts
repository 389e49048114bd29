/** The report desk's scripts: each is one atomic change of a member's record set. */
import type { DeskKeys } from '../keys.ts';
import { defineScript, type Script } from '../script.ts';

/** What every one of them is given: the member, and the names of its keys. */
export interface OfMember {
  names: DeskKeys;
  member: string;
}

/** Runs a script over the keys of the member that its argument names. */
export type RunDeskScript = <Argument extends OfMember, Answer>(
  script: Script<Argument, Answer>,
  argument: Omit<Argument, 'names'>,
) => Promise<Answer>;

interface OfReport extends OfMember {
  id: string;
}

/** What surrounds a queued report, as includes/around.lua tells it. */
export type Around = [place: number, paused: 0 | 1, durations: readonly string[]];

interface OfRun extends OfReport {
  run: string;
  /** Wall ms, as all times here. */
  now: number;
}

export const admit = defineScript<
  OfReport & {
    client: string;
    joinKey: string;
    refresh: boolean;
    processDate: string;
    now: number;
    expiresAt: number;
    mayCreate: boolean;
    queues: readonly string[];
    queueLimit: number;
    idempotencyKey?: string;
    idempotencyKeys: string;
    keyLimit: number;
    bodyDigest: string;
    idempotencyMs: number;
    fields: readonly string[];
  },
  [
    kind: 'created' | 'joined' | 'reused' | 'closed' | 'full' | 'keys-used-up',
    detail: string,
    around?: Around,
  ]
>('desk/admit', 0);

export const readyJoins = defineScript<
  {
    report: string;
    now: number;
    asks: readonly { joins: string; joinKey: string; processDate: string }[];
  },
  string[][]
>('desk/ready-joins', 0);

export const grant = defineScript<OfMember & { now: number }, string | null>('desk/grant', 0);

/** Of all members at once, so it knows none by itself. */
export const idle = defineScript<
  { report: string; members: readonly { member: string; ring: string; slot: string }[] },
  string[]
>('desk/idle', 0);

export const takeSlot = defineScript<
  OfReport & { now: number; expiresAt: number; fields: readonly string[] },
  0 | 1
>('desk/take-slot', 0);

export const claim = defineScript<
  OfReport & { run: string },
  [record: string[], preparations: string[]]
>('desk/claim', 0);

export const update = defineScript<
  OfRun & {
    releaseSlot: boolean;
    grantsNext: boolean;
    silent: boolean;
    endState?: 'ready' | 'failed';
    dueAt: number;
    durationMs?: number;
    preparationMs?: number;
    kept: number;
    set: readonly string[];
    remove: readonly string[];
  },
  [isDone: 0 | 1, granted: string]
>('desk/update', 0);

export const requeue = defineScript<OfRun & { remove: readonly string[] }, 0 | 1>(
  'desk/requeue',
  0,
);

export const withdraw = defineScript<
  OfReport & { client: string; now: number; dueAt: number },
  'withdrawn' | 'sent'
>('desk/withdraw', 0);

export const expire = defineScript<
  OfReport & { now: number; forgetAt: number },
  'later' | 'expired' | 'forgotten'
>('desk/expire', 0);

export const around = defineScript<OfReport, Around>('desk/around', 0);

export const queue = defineScript<
  OfMember,
  [
    length: number,
    oldestAt: string,
    holder: string,
    since: string,
    paused: 0 | 1,
    preparing: number,
  ]
>('desk/queue', 0);
