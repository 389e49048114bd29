/**
 * Callers' own messages to MKS: signed and sent as they are, sharing the members' slots.
 *
 * A balance-report takes the slot like any report; its refId is then followed until it has ended,
 * by the same jobs that follow ours.
 */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../lib/clock.ts';
import { MksError } from '../mks/errors.ts';
import type { JsonObject, Mks, MksAnswer, MksRequest } from '../mks/types.ts';
import type { StoredReport } from './record.ts';
import type { Due, ReportStore } from './store.ts';

const BALANCE_REPORT = 'reports/account/balance-report';
/** A guess at how long another's report takes; the slot tells better next time. */
const RETRY_AFTER_MS = 15_000;
/** Beyond the deadlines of a login and of the message itself. */
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

export function createPassThrough(deps: {
  mks: Mks;
  store: ReportStore;
  clock: Clock;
  onSlotFree: (member: string) => void;
  resume: (due: Due) => Promise<void>;
  requestTimeoutMs: number;
  retentionMs: number;
}): PassThrough {
  const { mks, store, clock } = deps;

  async function callWithSlot(call: PassThroughCall): Promise<MksAnswer> {
    const token = randomUUID();
    // A replica that dies here leaves a record that expires, and the slot with it.
    const slotMs = 2 * deps.requestTimeoutMs + MARGIN_MS;
    const record = followRecord(call, token, clock.now(), slotMs);
    if (!(await store.takeSlot(record))) throw slotHeld();
    let isSent = false;
    try {
      const answer = await mks.call({
        // Not the caller's signal: what MKS answers has to be known even if the caller has gone.
        ...toRequest(call),
        beforeSend: async (sending) => {
          if (!(await store.update(record, token, clock.now(), { set: { sending } }))) {
            throw slotHeld();
          }
          isSent = true;
        },
      });
      await settle(record, token, answer);
      return answer;
    } catch (error) {
      const isOver = error instanceof MksError && error.outcome !== 'unknown';
      if (isOver || !isSent) await end(record, token);
      throw error;
    }
  }

  /** After an answer: the refId is followed, or the slot is free. */
  async function settle(record: StoredReport, token: string, answer: MksAnswer): Promise<void> {
    const refId = answer.kind === 'message' ? answer.payload['refId'] : undefined;
    const isAccepted = answer.kind === 'message' && answer.code === '0000';
    if (!isAccepted || typeof refId !== 'string' || refId === '') return end(record, token);
    const now = clock.now();
    const set = {
      phase: 'status',
      state: 'preparing',
      refId,
      acceptedAt: now,
      expiresAt: now + deps.retentionMs,
    } as const;
    await store.update(record, token, now, { set, remove: ['sending'] });
    await deps.resume({ member: record.member, id: record.id });
  }

  async function end(record: StoredReport, token: string): Promise<void> {
    const now = clock.now();
    await store.update(record, token, now, { end: 'failed', dueAt: now });
    deps.onSlotFree(record.member);
  }

  return {
    async call(call) {
      if (call.service === BALANCE_REPORT) return callWithSlot(call);
      return mks.call({ ...toRequest(call), signal: call.signal });
    },
  };
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
    ...(senderReference !== undefined && { senderReference }),
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
