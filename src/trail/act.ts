/** What the trail tells of: an act of somebody's, and the lines that the trail writes of its own. */
import type { Canonical } from './canonical.ts';

/** What clients and the gateway do. */
export type Action =
  | 'balances.asked'
  | 'rows.read'
  | 'file.read'
  | 'changes.read'
  | 'check.run'
  | 'service.called'
  | 'delivered'
  | 'exchanges.read'
  | 'trail.read'
  | 'member.paused'
  | 'member.resumed'
  | 'denied'
  | 'config.changed'
  | 'started'
  | 'stopped';

/** One act: who did what to which things, with what end. Never a balance, never a secret. */
export interface Act {
  action: Action;
  /** The API client; absent for the gateway itself and for strangers. */
  client?: string;
  /** Where the request came from. */
  address?: string;
  /** As the log bears it. */
  requestId?: string;
  member?: string;
  /** Where it was about several. */
  members?: readonly string[];
  /** `YYYYMMDD`. */
  processDate?: string;
  filters?: Readonly<Record<string, string>>;
  report?: string;
  /** How many rows were given. */
  rows?: number;
  format?: string;
  file?: string;
  service?: string;
  /** MKS's name for a report. */
  refId?: string;
  senderReference?: string;
  /** MKS's result code. */
  code?: string;
  /** The route, by its pattern. */
  route?: string;
  /** What a reader of a list asked for. */
  asked?: Readonly<Record<string, string>>;
  /** Which part of the configuration has changed. */
  part?: string;
  /** How many acts the line stands for, if for more than one. */
  count?: number;
  /** How it ended: `given`, `accepted`, `done`, an outcome of a message, a problem's slug. */
  end: string;
}

/** The lines that the trail writes of itself. */
export interface OwnLine {
  action: 'chain.begun' | 'segment.begun' | 'trail.cut' | 'checkpoint' | 'checkpoint.stamped';
  [name: string]: Canonical;
}
