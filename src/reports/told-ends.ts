/** Lets others see how each report ended, without a say in it. */
import type { ReportStore } from './store.ts';
import { defined } from '../lib/defined.ts';
import type { Remark } from '../rows/remarks.ts';
import type { ReportState } from './types.ts';

export interface ReportEnd {
  member: string;
  state: Extract<ReportState, 'ready' | 'failed' | 'cancelled' | 'expired'>;
  /** From when it was asked for. */
  durationMs: number;
  /** Of a report that is ready. */
  remarks?: readonly Remark[];
}

/** @returns the same store; each report's end is told once, by the process that brought it about. */
export function tellEnds(store: ReportStore, onEnd: (end: ReportEnd) => void): ReportStore {
  return {
    ...store,
    async update(record, run, now, change) {
      const updated = await store.update(record, run, now, change);
      if (updated !== undefined && change.end !== undefined && record.kind === 'report') {
        const { remarks } = change.set ?? {};
        onEnd({
          member: record.member,
          state: change.end,
          durationMs: now - record.createdAt,
          ...defined({ remarks }),
        });
      }
      return updated;
    },
    async withdraw(record, client, now) {
      const result = await store.withdraw(record, client, now);
      if (result === 'withdrawn' && record.state === 'queued') {
        const state = (await store.get(record.id))?.state;
        const durationMs = now - record.createdAt;
        if (state === 'cancelled') onEnd({ member: record.member, state, durationMs });
      }
      return result;
    },
    async expire(due, now, forgetAt) {
      // A ready report has ended long before it expires.
      const record = await store.get(due.id);
      const result = await store.expire(due, now, forgetAt);
      const wasLive = record?.state === 'queued' || record?.state === 'preparing';
      if (result === 'expired' && wasLive && record.kind === 'report') {
        onEnd({ member: due.member, state: 'expired', durationMs: now - record.createdAt });
      }
      return result;
    },
  };
}
