/**
 * Callers' own messages to MKS: signed and sent as they are, sharing the members' slots.
 *
 * A balance-report takes the slot like any report; its refId is then followed until it has ended,
 * by the same jobs that follow ours.
 */
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { defined } from '../lib/defined.ts';
import type { Clock } from '../lib/clock.ts';
import { MksError, shutOff } from '../mks/errors.ts';
import { balanceReport } from '../mks/services/catalogue.ts';
import type { JsonObject, Mks, MksAnswer, MksRequest } from '../mks/types.ts';
import { writePatiently } from './life/patient-write.ts';
import type { StoredReport, UnansweredSending } from './record.ts';
import type { Due, ReportStore } from './store.ts';
import type { ShutOff } from './types.ts';

/** A guess at how long another's report takes; the slot tells better next time. */
const RETRY_AFTER_MS = 15_000;
/** A login may be asked twice and waited for once more, then comes the message itself. */
const LOGIN_AND_MESSAGE = 4;
/** Beyond those deadlines. */
const MARGIN_MS = 10_000;

export interface PassThroughCall {
  member: string;
  /** A name in the service catalogue. */
  service: string;
  body: JsonObject;
  /** The API client's name, for the journal. */
  client: string;
  /** Send under this reference of ours again (rule 1). */
  senderReference?: string;
  /** Aborted when the caller has gone. */
  signal: AbortSignal;
}

export interface PassThrough {
  /**
   * Sends a caller's message.
   * @throws MksError; `conflict` with `retryAfterMs` while another holds the member's slot.
   */
  call(call: PassThroughCall): Promise<MksAnswer>;
}

interface PassThroughDeps {
  mks: Mks;
  store: ReportStore;
  shutOff: ShutOff;
  clock: Clock;
  log: Logger;
  onSlotFree: (member: string) => void;
  resume: (due: Due) => Promise<void>;
  requestTimeoutMs: number;
  retentionMs: number;
}

export function createPassThrough(deps: PassThroughDeps): PassThrough {
  const { mks } = deps;
  const slots = createSlots(deps);

  async function callWithSlot(call: PassThroughCall): Promise<MksAnswer> {
    const slot = await slots.take(call);
    let isSent = false;
    let answer: MksAnswer;
    try {
      answer = await mks.call({
        // Not the caller's signal: what MKS answers has to be known even if the caller has gone.
        ...toRequest(call),
        beforeSend: async (sending) => {
          await slots.noteSending(slot, sending);
          isSent = true;
        },
      });
    } catch (error) {
      const isOver = error instanceof MksError && error.outcome !== 'unknown';
      if (isOver || !isSent) await slots.end(slot).catch(slots.leaveToExpiry);
      throw error;
    }
    // What MKS has answered is the caller's, whatever becomes of our own records.
    await slots.settle(slot, answer).catch(slots.leaveToExpiry);
    return answer;
  }

  return {
    async call(call) {
      const fault = deps.shutOff(call.member);
      // Before the slot is looked at: a report of the same member may hold it, and waits too.
      if (fault !== undefined) throw shutOff(call.member, fault);
      if (call.service === balanceReport.name) return callWithSlot(call);
      return mks.call({ ...toRequest(call), signal: call.signal });
    },
  };
}

/** A member's slot in a caller's hands: the record that holds it, and the run that may change it. */
interface Slot {
  record: StoredReport;
  token: string;
}

function createSlots(deps: Omit<PassThroughDeps, 'mks'>) {
  const { store, clock, log } = deps;

  /** @throws MksError `conflict` while another holds it. */
  async function take(call: PassThroughCall): Promise<Slot> {
    const token = randomUUID();
    // A replica that dies here leaves a record that expires, and the slot with it.
    const slotMs = LOGIN_AND_MESSAGE * deps.requestTimeoutMs + MARGIN_MS;
    const record = followRecord(call, token, clock.now(), slotMs);
    if (!(await store.takeSlot(record))) throw slotHeld();
    return { record, token };
  }

  async function noteSending({ record, token }: Slot, sending: UnansweredSending): Promise<void> {
    // The slot is ours until nobody can answer any more.
    const set = { sending, expiresAt: sending.deadline + MARGIN_MS };
    if (!(await store.update(record, token, clock.now(), { set }))) throw slotHeld();
  }

  /** A record that could not be ended expires, and the slot with it. */
  function leaveToExpiry(error: unknown): void {
    log.warn({ err: error }, "a caller's message holds its slot until it expires");
  }

  /** After an answer: the refId is followed, or the slot is free. */
  async function settle(slot: Slot, answer: MksAnswer): Promise<void> {
    const { record, token } = slot;
    const said = balanceReport.read(answer);
    if (said.kind !== 'accepted') return end(slot);
    const { refId } = said;
    const now = clock.now();
    const set = {
      phase: 'status',
      state: 'preparing',
      refId,
      acceptedAt: now,
      expiresAt: now + deps.retentionMs,
    } as const;
    const follow = () => store.update(record, token, now, { set, remove: ['sending'] });
    if (!(await writePatiently(clock, follow))) {
      return leaveToExpiry(new Error('it expired before'));
    }
    await deps.resume({ member: record.member, id: record.id });
  }

  async function end({ record, token }: Slot): Promise<void> {
    const now = clock.now();
    await writePatiently(clock, () =>
      store.update(record, token, now, { end: 'failed', dueAt: now }),
    );
    deps.onSlotFree(record.member);
  }

  return { take, noteSending, leaveToExpiry, settle, end };
}

function toRequest({
  member,
  service,
  body,
  client,
  senderReference,
}: PassThroughCall): MksRequest {
  return {
    memberCode: member,
    service,
    body,
    client,
    ...defined({ senderReference }),
  };
}

function slotHeld(): MksError {
  return new MksError('conflict', "another report holds the member's slot at MKS", {
    outcome: 'not-sent',
    retryAfterMs: RETRY_AFTER_MS,
  });
}

function followRecord(
  call: PassThroughCall,
  token: string,
  now: number,
  slotMs: number,
): StoredReport {
  return {
    id: randomUUID(),
    kind: 'follow',
    client: call.client,
    member: call.member,
    processDate: '',
    filters: {},
    joinKey: '',
    state: 'queued',
    phase: 'request',
    version: 1,
    createdAt: now,
    updatedAt: now,
    expiresAt: now + slotMs,
    run: token,
    attempts: 0,
    pauses: 0,
    damaged: 0,
  };
}
