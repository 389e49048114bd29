/**
 * A report's record as Redis keeps it: a hash whose fields are these, each a JSON text.
 *
 * What an asker sees (`Report`) is derived from it; secrets stay in `secret`, sealed.
 */
import { defined } from '../lib/defined.ts';
import type { Remark } from '../rows/remarks.ts';
import type { DecidingAnswer, Failure, Report, ReportState, Waiting, Wanted } from './types.ts';

/** Where a live report stands: to be asked for, being prepared at MKS, to be fetched. */
export type Phase = 'request' | 'status' | 'fetch';

/** A balance-report that left and whose answer is not recorded. */
export interface UnansweredSending {
  senderReference: string;
  /** Wall ms; it may be sent again after it (rule 1). */
  deadline: number;
}

export interface StoredReport extends Wanted {
  id: string;
  /** `follow`: a caller's own balance-report whose end frees the slot; nothing is fetched. */
  kind: 'report' | 'follow';
  /** The client that asked first, for the journal. */
  client: string;
  joinKey: string;
  state: ReportState;
  phase: Phase;
  version: number;
  createdAt: number;
  updatedAt: number;
  expiresAt: number;
  readyAt?: number;
  /** Wall ms at which the slot was given to it. */
  granted?: number;
  /** Wall ms, and the Istanbul date `YYYYMMDD`, of MKS's acceptance. */
  acceptedAt?: number;
  acceptedOn?: string;
  /** Wall ms at which MKS last said that it is still making it. */
  unmadeAt?: number;
  /** How long MKS took to make it, in milliseconds, as far as polls can tell. */
  preparationMs?: number;
  refId?: string;
  /** MKS's names of the archives. */
  fileNames?: string[];
  /** Names of the decrypted files, no two the same. */
  files?: string[];
  rowCount?: number;
  /** What the rows say that was not asked for. */
  remarks?: Remark[];
  /** SHA-256 of the rows as NDJSON, hex. */
  digest?: string;
  mks?: DecidingAnswer;
  /** The answer that bears the refId. */
  acceptance?: DecidingAnswer;
  failure?: Failure;
  /** What holds it up while it has the slot, or at MKS. */
  waiting?: Waiting;
  /** Sealed: the zip password and the key of the spooled files. */
  secret?: string;
  run?: string;
  sending?: UnansweredSending;
  /** MKS has, or may have, a report of an earlier sending, whose refId nobody knows. */
  mayBeAtMks?: boolean;
  /** Answers in a row that cannot be believed, or that say yes and leave out what they should bring. */
  attempts: number;
  /** Pauses of the present wait so far; the next one is longer. */
  pauses: number;
  /** Archives of this report that arrived damaged. */
  damaged: number;
  /** The report was started over once, after RP018. */
  restarted?: boolean;
}

/** Fields that are kept as they are; all others as JSON. */
const plain = new Set(['id', 'state', 'joinKey', 'acceptedOn', 'run', 'secret']);
/** `granted`, `version`, `expiresAt`, `sending` and `mayBeAtMks` are read by the scripts: numbers stay numbers. */

/** Record → field, value, … for HSET. Undefined values are left out. */
export function toFields(record: Partial<StoredReport>): string[] {
  const fields: string[] = [];
  for (const [name, value] of Object.entries(record)) {
    if (value === undefined) continue;
    fields.push(name, typeof value === 'string' && plain.has(name) ? value : JSON.stringify(value));
  }
  return fields;
}

/** HGETALL's field, value, … or object → record; undefined when there is none. */
export function fromFields(
  fields: readonly string[] | Record<string, string>,
): StoredReport | undefined {
  const entries = Array.isArray(fields) ? pairs(fields) : Object.entries(fields);
  if (entries.length === 0) return undefined;
  const record: Record<string, unknown> = {};
  for (const [name, value] of entries) record[name] = plain.has(name) ? value : JSON.parse(value);
  return record as unknown as StoredReport;
}

function pairs(flat: readonly string[]): [string, string][] {
  const result: [string, string][] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) result.push([flat[i] ?? '', flat[i + 1] ?? '']);
  return result;
}

export function hasEnded(state: ReportState): boolean {
  return state !== 'queued' && state !== 'preparing';
}

/** What Redis tells of what surrounds a report. */
export interface Around {
  /** Place in turn, if it is queued. */
  position?: number;
  /** Operators let nothing of the member start. */
  isPaused: boolean;
  /** How long the member's last reports took, in milliseconds. */
  durations: readonly number[];
}

/** What is not in a live report's record and belongs to its view. */
export interface Surroundings extends Around {
  /** Wall ms. */
  now: number;
  /** Wall ms at which the queue will move, if MKS is closed now. */
  startsAt?: number;
}

/** What an asker sees of a record; nothing surrounds one that has ended. */
export function toReport(record: StoredReport, around?: Surroundings): Report {
  const position = around?.position ?? -1;
  return {
    id: record.id,
    member: record.member,
    processDate: record.processDate,
    filters: record.filters,
    state: record.state,
    version: record.version,
    createdAt: record.createdAt,
    updatedAt: record.updatedAt,
    expiresAt: record.expiresAt,
    files: record.files ?? [],
    ...defined({
      startsAt: around?.startsAt,
      position: position >= 0 ? position : undefined,
      waiting: around && waitingOf(record, around),
      estimate: around && estimateOf(record, around),
      readyAt: record.readyAt,
      refId: record.refId,
      rowCount: record.rowCount,
      remarks: record.remarks,
      digest: record.digest,
      mks: record.mks,
      acceptance: record.acceptance,
      failure: record.failure,
    }),
  };
}

/** What holds a live report up: before its turn its surroundings, after it what its run has met. */
function waitingOf(record: StoredReport, around: Surroundings): Waiting | undefined {
  if (record.state !== 'queued' || record.granted !== undefined) return record.waiting;
  const { createdAt: since } = record;
  if (around.isPaused) return { for: 'member-paused', since };
  if (around.startsAt !== undefined) {
    return { for: 'outside-service-hours', since, retryAt: around.startsAt };
  }
  return { for: 'turn', since };
}

/** When it may be ready: half of the member's last reports took no longer. */
function estimateOf(record: StoredReport, around: Surroundings): { readyAt: number } | undefined {
  const { durations, now, position = 0, startsAt = now } = around;
  const median = durations.toSorted((one, other) => one - other)[durations.length >> 1];
  if (median === undefined) return undefined;
  const begins = record.granted ?? startsAt + Math.max(0, position - 1) * median;
  return { readyAt: Math.max(now, begins + median) };
}
