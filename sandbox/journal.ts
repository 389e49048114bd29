/** What the sandbox has received and answered: a bounded log and counts that tests and people read. */
import type { JsonObject } from './json.ts';

export interface LogEntry {
  /** ISO 8601, by the sandbox's clock. */
  time: string;
  path: string;
  remoteAddress: string | undefined;
  /** SHA-256 of the body as received, hexadecimal: the same message sent again has the same. */
  bodySha256: string;
  member?: string;
  reference?: string;
  /** The token's `jti`. */
  tokenId?: string;
  jwsHeader?: JsonObject;
  /** What was sent, without its passwords. */
  payload?: JsonObject;
  /** Missing when no answer was given. */
  httpStatus?: number;
  code?: string;
  messageId?: string;
  faults?: string[];
}

export interface MemberStats {
  logins: number;
  loginsRefused: number;
  reportsAccepted: number;
  /** Reports accepted while another of the member's was being made: only when overlaps are accepted. */
  overlapsAccepted: number;
  /** Reports refused with RP003 because another was being made: the member asked too early. */
  overlapsRefused: number;
  /** Messages refused with RP045: the member used a reference up and sent it again. */
  duplicateReferences: number;
}

export interface Stats {
  connections: number;
  messages: number;
  /** Code → how often it was answered. */
  codes: Record<string, number>;
  members: Record<string, MemberStats>;
}

export interface Journal {
  readonly log: readonly LogEntry[];
  readonly stats: Stats;
  /** Enters a message; the entry is completed as its handling goes on. */
  enter(entry: LogEntry): void;
  /** Adds one to a member's count. */
  count(member: string, what: keyof MemberStats): void;
  /** Adds one to a code's count. */
  countCode(code: string): void;
}

const MAX_LOG_ENTRIES = 10_000;
const SECRETS = new Set(['password', 'zipPassword']);

/** An empty journal with counts for these members. */
export function createJournal(members: Iterable<string>): Journal {
  const log: LogEntry[] = [];
  const stats: Stats = { connections: 0, messages: 0, codes: {}, members: {} };
  for (const member of members) stats.members[member] = noCounts();
  return {
    log,
    stats,
    enter(entry) {
      stats.messages += 1;
      if (log.push(entry) > MAX_LOG_ENTRIES) log.shift();
    },
    count(member, what) {
      const counts = stats.members[member];
      if (counts !== undefined) counts[what] += 1;
    },
    countCode(code) {
      stats.codes[code] = (stats.codes[code] ?? 0) + 1;
    },
  };
}

/** The payload as it may be shown. */
export function withoutSecrets(payload: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(payload).filter(([name]) => !SECRETS.has(name)));
}

function noCounts(): MemberStats {
  return {
    logins: 0,
    loginsRefused: 0,
    reportsAccepted: 0,
    overlapsAccepted: 0,
    overlapsRefused: 0,
    duplicateReferences: 0,
  };
}
