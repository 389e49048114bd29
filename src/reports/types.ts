/** The shapes of the report desk: what is asked of it and what it tells. */
import type { SigningFault } from '../lib/credentials.ts';
import type { Page } from '../lib/page.ts';
import type { Outcome } from '../mks/errors.ts';
import type { RowLines } from '../rows/formats/index.ts';
import type { ArchiveFault } from '../rows/read/errors.ts';
import type { Remark } from '../rows/remarks.ts';
import type { SealedFile } from './spool/frames.ts';

export type { ArchiveFault };

export type ReportState = 'queued' | 'preparing' | 'ready' | 'failed' | 'cancelled' | 'expired';

/** MKS's optional filters of a balance report (MKS 5.1.2), patterns checked at the edge. */
export interface Filters {
  subAccNo?: string;
  isin?: string;
  secClass?: string;
  secType?: string;
  accClass?: string;
  portfolioCode?: string;
  accNo?: string;
}

/** The last answer of MKS that decided something. */
export interface DecidingAnswer {
  code: string;
  /** Of the service that gave it. */
  service?: string;
  description: string;
  senderReference?: string;
  messageId?: string;
}

/** Why a report failed; `code` is a slug of the problem catalogue. */
export interface Failure {
  code: string;
  detail: string;
  /** What MKS said, if that is why. */
  mks?: DecidingAnswer;
  /** For `mks-archive-invalid`. */
  reason?: ArchiveFault;
  outcome?: Outcome;
  senderReference?: string;
  retryable?: boolean;
}

/** What holds a live report up, and passes by itself. */
export type WaitingFor =
  | 'turn'
  | 'outside-service-hours'
  | 'mks-busy'
  | 'mks-unreachable'
  | 'mks-error'
  | 'mks-login-refused'
  | 'mks-unknown-outcome'
  | 'member-paused';

/** Wall ms. */
export interface Waiting {
  for: WaitingFor;
  since: number;
  /** When it is looked at again. */
  retryAt?: number;
  /** For people, in English: what was met, never an answer's text. */
  detail?: string;
}

/** What keeps a member from signing now, if anything does. */
export type ShutOff = (member: string) => SigningFault | undefined;

/** Which balances. */
export interface Wanted {
  member: string;
  /** `YYYYMMDD`. */
  processDate: string;
  filters: Filters;
}

/** One report as its askers see it. Times are wall milliseconds. */
export interface Report extends Wanted {
  id: string;
  state: ReportState;
  /** Grows with each change of what is seen here. */
  version: number;
  createdAt: number;
  updatedAt: number;
  /** When the queue will move, if MKS is closed. */
  startsAt?: number;
  readyAt?: number;
  expiresAt: number;
  refId?: string;
  rowCount?: number;
  /** Absent while nothing holds it up. */
  waiting?: Waiting;
  /** When it may be ready, by how long the member's last ones took; absent when there are none. */
  estimate?: { readyAt: number };
  /** 1 = next in turn; only while queued. 0 = has the member's slot and waits for MKS. */
  position?: number;
  mks?: DecidingAnswer;
  /** The answer that took it and gave it its refId. */
  acceptance?: DecidingAnswer;
  failure?: Failure;
  /** What its rows say that was not asked for; once ready, if there is any. */
  remarks?: Remark[];
  /** Names of the decrypted files, each once, once ready. */
  files: string[];
  /** Of its rows, hex: another one means other rows; once ready, empty where there are none. */
  digest?: string;
}

export interface ReportAsk extends Wanted {
  client: string;
  /** What the client may have waiting: reports in turn, of these members (all of its own) together. */
  queue: { limit: number; members: readonly string[] };
  /** Never join, always a report of its own. */
  refresh: boolean;
  idempotencyKey?: string;
  /** Accept it while MKS is closed, and start at opening. */
  acceptOutsideHours: boolean;
}

export type ReportRequestResult =
  | { kind: 'report'; report: Report }
  | { kind: 'idempotency-key-reused' }
  /** The client's own bounds; of its idempotency keys, one is free again at `freeAt`. */
  | { kind: 'queue-full' }
  | { kind: 'keys-used-up'; freeAt: number }
  | { kind: 'closed'; opensAt: number }
  /** It needs MKS, and the member cannot sign. */
  | { kind: 'shut-off'; fault: SigningFault };

/** A ready report's rows. */
export interface RowSource extends RowLines {
  /** The same bytes as one zstd frame; absent when they are kept as several or not at all. */
  zstd?: () => AsyncIterable<Buffer>;
}

/** A ready report's rows as they lie on the disk, each file whole when it was given. */
export interface RowFiles {
  rowCount: number;
  files: SealedFile[];
}

export interface FileSource {
  name: string;
  type: 'json' | 'csv';
  /** Lets go of the file, read or not; may be called twice. */
  close(): Promise<void>;
  /** The decrypted bytes as MKS made them; fails, never ends early, when they are damaged. */
  stream(): AsyncIterable<Uint8Array>;
}

/** A member's queue, for operators. Times are wall milliseconds. */
export interface MemberQueue {
  /** Reports in turn, without the one that has the slot. */
  length: number;
  /** Reports that have had their turn and have not ended. */
  preparing: number;
  /** When the oldest of them was asked for. */
  oldestAt?: number;
  /** Who has the member's slot at MKS: a report, or a caller's own message. */
  slot?: { holder: string; since: number };
  /** Operators let nothing of the member start. */
  paused: boolean;
}

export interface Desk {
  /** @throws StateUnavailableError when Redis cannot be reached. */
  request(ask: ReportAsk): Promise<ReportRequestResult>;
  get(id: string): Promise<Report | undefined>;
  list(query: {
    members: readonly string[];
    state?: ReportState;
    limit: number;
    cursor?: string;
  }): Promise<Page<Report>>;
  /** Resolves when the report has ended, or with its state of then when `timeoutMs` is over. */
  waitForEnd(id: string, timeoutMs: number, signal: AbortSignal): Promise<Report | undefined>;
  /** The report now and after each change, until it has ended (at most one a second). */
  follow(id: string, signal: AbortSignal): AsyncIterable<Report>;
  /** Takes the client's interest back; `sent` once MKS has the report. */
  withdraw(id: string, client: string): Promise<'withdrawn' | 'sent'>;
  /** @throws ReportGoneError, ArchiveError, MksError. */
  openRows(report: Report): Promise<RowSource>;
  openFile(report: Report, name: string): Promise<FileSource>;
  /** @throws ReportGoneError, ArchiveError, MksError. */
  rowFiles(report: Report): Promise<RowFiles>;
  /**
   * The report that holds the balances of a day: the one that asks for them are joined to, else the newest.
   * @returns a ready one, or nothing.
   */
  findReady(wanted: Wanted): Promise<Report | undefined>;
  queue(member: string): Promise<MemberQueue>;
  /** Lets no report of the member start until it is resumed; what MKS has goes on. */
  pause(member: string): Promise<void>;
  resume(member: string): Promise<void>;
  /**
   * Has reports that wait for a login or for their member looked at at once: files have changed.
   * @throws StateUnavailableError.
   */
  wake(): Promise<void>;
  close(deadlineMs: number): Promise<void>;
}
