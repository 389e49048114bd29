/** Asks for reports in Redis: joined, put in turn or refused by the client's own bounds; and taken back. */
import { hash } from 'node:crypto';
import { defined } from '../lib/defined.ts';
import type { Keys } from '../state/keys.ts';
import * as scripts from '../state/scripts/desk.ts';
import type { RunDeskScript } from '../state/scripts/desk.ts';
import { toFields, type Around, type StoredReport } from './record.ts';

const IDEMPOTENCY_TTL_MS = 24 * 60 * 60 * 1000;
/** Of one client at a time: about 5 MB in Redis. */
const IDEMPOTENCY_KEYS = 10_000;

export interface Admission {
  client: string;
  /** How many reports the client may have in turn, of these members together. */
  queue: { limit: number; members: readonly string[] };
  record: StoredReport;
  refresh: boolean;
  mayCreate: boolean;
  idempotencyKey?: string;
  /** SHA-256 of what was asked, to tell another body under the same key. */
  bodyDigest: string;
}

export type Admitted =
  | { kind: 'joined'; id: string }
  /** `around` what it waits behind; without, it may be granted at once. */
  | { kind: 'created'; id: string; around?: Around }
  | { kind: 'reused' }
  | { kind: 'closed' }
  | { kind: 'full' }
  | { kind: 'keys-used-up'; freeAt: number };

/** Asks for reports, and what becomes of them before MKS has them. */
export interface Asks {
  admit(admission: Admission): Promise<Admitted>;
  withdraw(record: StoredReport, client: string, now: number): Promise<'withdrawn' | 'sent'>;
}

/**
 * @param retentionMs how long a cancelled report is kept.
 * @throws StateUnavailableError from both methods when Redis cannot be reached.
 */
export function createAdmission(run: RunDeskScript, keys: Keys, retentionMs: number): Asks {
  return {
    async admit({ client, queue, record, refresh, mayCreate, idempotencyKey, bodyDigest }) {
      const key = idempotencyKey === undefined ? undefined : sha256(idempotencyKey);
      const [kind, detail, around] = await run(scripts.admit, {
        member: record.member,
        client,
        id: record.id,
        joinKey: record.joinKey,
        refresh,
        processDate: record.processDate,
        now: record.createdAt,
        expiresAt: record.expiresAt,
        mayCreate,
        queues: queue.members.map((member) => keys.desk(member).turns + client),
        queueLimit: queue.limit,
        ...defined({ idempotencyKey: key && keys.idempotency(client, key) }),
        idempotencyKeys: keys.idempotencyKeys(client),
        keyLimit: IDEMPOTENCY_KEYS,
        bodyDigest,
        idempotencyMs: IDEMPOTENCY_TTL_MS,
        fields: toFields(record),
      });
      if (kind === 'created') {
        return { kind, id: detail, ...defined({ around: around && toAround(around) }) };
      }
      if (kind === 'joined') return { kind, id: detail };
      return kind === 'keys-used-up' ? { kind, freeAt: Number(detail) } : { kind };
    },
    withdraw: ({ member, id }, client, now) =>
      run(scripts.withdraw, { member, id, client, now, dueAt: now + retentionMs }),
  };
}

/** What surrounds a queued report, as the scripts tell it. */
export function toAround([position, paused, durations]: scripts.Around): Around {
  return { position, isPaused: paused === 1, durations: durations.map(Number) };
}

function sha256(text: string): string {
  return hash('sha256', text, 'hex');
}
