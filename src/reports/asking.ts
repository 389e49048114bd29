/** Asking for reports: joined to one that wants the same, or put in turn; and taken back. */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../lib/clock.ts';
import type { SigningFault } from '../lib/credentials.ts';
import { defined } from '../lib/defined.ts';
import { passesByItself } from '../lib/signing-faults.ts';
import type { Hours } from '../mks/hours.ts';
import type { Admitted } from './admission.ts';
import { canonical, digestOf, joinKeyOf } from './join-key.ts';
import { createReadyJoins } from './ready-joins.ts';
import type { StoredReport } from './record.ts';
import type { ReportSecrets } from './secrets.ts';
import type { ReportStore } from './store.ts';
import type { Desk, ReportAsk, ReportRequestResult, ShutOff } from './types.ts';
import type { Views } from './view.ts';

export function createAsking(deps: {
  store: ReportStore;
  secrets: ReportSecrets;
  hours: Hours;
  clock: Clock;
  views: Views;
  /** Gives the member's slot to the next in turn, now or later; does not fail. */
  offerSlot: (member: string) => Promise<void>;
  shutOff: ShutOff;
  retentionMs: number;
}): Pick<Desk, 'request' | 'withdraw'> {
  const { store, secrets, hours, clock, views, offerSlot } = deps;
  const readyJoins = createReadyJoins(deps);

  /** A ready report that no key here opens is no answer to anybody. */
  async function isUnreadable(id: string): Promise<boolean> {
    const record = await store.get(id);
    const hasRows = record?.state === 'ready' && (record.files?.length ?? 0) > 0;
    return hasRows && !secrets.canOpen(record);
  }

  return {
    async request(ask) {
      const { member, processDate } = ask;
      const joinable = { member, processDate, joinKey: joinKeyOf(ask) };
      const isPlain = !ask.refresh && ask.idempotencyKey === undefined;
      const ready = isPlain ? await readyJoins.find(joinable) : undefined;
      if (ready !== undefined) return { kind: 'report', report: ready };
      const present = deps.shutOff(ask.member);
      const fault = present !== undefined && passesByItself(present) ? undefined : present;
      const record = newRecord(ask, joinable.joinKey, clock.now(), deps.retentionMs);
      record.secret = secrets.make(ask.member, record.id);
      const isOpen = hours.isOpen();
      const admit = (refresh: boolean) =>
        store.admit({
          client: ask.client,
          queue: ask.queue,
          record,
          refresh,
          mayCreate: fault === undefined && (isOpen || ask.acceptOutsideHours),
          bodyDigest: digestOf([ask.member, ask.processDate, canonical(ask.filters), ask.refresh]),
          ...defined({ idempotencyKey: ask.idempotencyKey }),
        });
      let admitted = await admit(ask.refresh);
      if (admitted.kind === 'joined' && (await isUnreadable(admitted.id))) {
        admitted = await admit(true);
      }
      if (admitted.kind !== 'created' && admitted.kind !== 'joined') {
        return refusalOf(admitted, fault, () => hours.opensAt() ?? clock.now());
      }
      const around = admitted.kind === 'created' ? admitted.around : undefined;
      // It waits for its turn: what there is to tell is known.
      if (around !== undefined) return { kind: 'report', report: views.ofQueued(record, around) };
      if (admitted.kind === 'created') await offerSlot(ask.member);
      const report = await views.get(admitted.id);
      if (report === undefined) throw new Error('an admitted report has no record');
      if (report.state === 'ready') readyJoins.note(joinable);
      return { kind: 'report', report };
    },
    async withdraw(id, client) {
      const record = await store.get(id);
      if (record === undefined) return 'withdrawn';
      const answer = await store.withdraw(record, client, clock.now());
      void offerSlot(record.member);
      return answer;
    },
  };
}

/** @param opensAt gives the wall ms at which MKS does; asked where that is told alone. */
function refusalOf(
  admitted: Exclude<Admitted, { kind: 'created' | 'joined' }>,
  fault: SigningFault | undefined,
  opensAt: () => number,
): ReportRequestResult {
  switch (admitted.kind) {
    case 'closed':
      return fault === undefined
        ? { kind: 'closed', opensAt: opensAt() }
        : { kind: 'shut-off', fault };
    case 'reused':
      return { kind: 'idempotency-key-reused' };
    case 'full':
      return { kind: 'queue-full' };
    case 'keys-used-up':
      return admitted;
  }
}

function newRecord(
  ask: ReportAsk,
  joinKey: string,
  now: number,
  retentionMs: number,
): StoredReport {
  return {
    id: randomUUID(),
    kind: 'report',
    client: ask.client,
    member: ask.member,
    processDate: ask.processDate,
    filters: ask.filters,
    joinKey,
    state: 'queued',
    phase: 'request',
    version: 1,
    createdAt: now,
    updatedAt: now,
    expiresAt: now + retentionMs,
    attempts: 0,
    pauses: 0,
    damaged: 0,
  };
}
