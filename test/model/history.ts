/** What happened in a world, as its Redis, its MKS and its callers saw it: to be judged afterwards. */
import { hash } from 'node:crypto';
import { fromFields, type StoredReport, type UnansweredSending } from '../../src/reports/record.ts';
import type { Report } from '../../src/reports/types.ts';

/** A report as Redis kept it, with each state that it was given. */
export interface Known {
  record: StoredReport;
  states: { at: number; from: string; to: string; turn: number }[];
  /** The clients that have asked for it, and at which turn each began to. */
  askers: Map<string, number>;
  /** Those that have not taken it back. */
  wanted: Set<string>;
  /** Those who wanted it when it was cancelled. */
  cancelledFor: string[];
  /** Turns at which it was granted the slot. */
  grants: number[];
  /** It has the slot, or had it and is at MKS: not before its turn, nor when it is started over. */
  hasTurn: boolean;
  /** Somebody took his interest back, so that its order says nothing. */
  isDisturbed: boolean;
}

/** A caller's accepted ask. */
export interface Accepted {
  id: string;
  client: string;
  at: number;
}

export interface History {
  reports: Map<string, Known>;
  accepted: Accepted[];
  /** What was recorded to be on its way, and the state of its report then. */
  sendings: { at: number; reference: string; report: string; state: string }[];
  /** Each time that a reference began to be sent. */
  begun: { at: number; reference: string }[];
  /** References that Redis knows to be used up, and when it came to know. */
  used: Map<string, number>;
  /** What nobody should ever see: mistakes that the gateway's log tells as its own. */
  mistakes: string[];
  /** The rows that a caller read of a report. */
  rows: Map<string, string>;
  /** What each caller saw of his report, in order. */
  seen: Map<object, Report[]>;
  fact(at: number, text: string): void;
  /** @param caller sees one thing after the other. */
  see(report: Report, caller: object): void;
  /** A trouble that came. */
  befell(kind: string): void;
  /** How often each trouble came, and each end of a report. */
  counts(): Map<string, number>;
  /** What happened beside that. */
  note(at: number, text: string): void;
  /** All of it, a line each. */
  lines: readonly string[];
  /** The same whenever the same has happened. */
  digest(): string;
}

const ENDED = new Set(['ready', 'failed', 'cancelled', 'expired']);

/** The state it has last been given; `none` before there is one. */
export function stateOf({ states }: Known): string {
  return states.at(-1)?.to ?? 'none';
}

export function hasEnded(known: Known): boolean {
  return ENDED.has(stateOf(known));
}

/** When it first had ended, if it has. */
export function endedAt({ states }: Known): number {
  return states.find(({ to }) => ENDED.has(to))?.at ?? Number.POSITIVE_INFINITY;
}

/** How a report's life went on to its first end. */
function endOf({ states }: Known): string {
  return states.find(({ to }) => ENDED.has(to))?.to ?? 'live';
}

export function createHistory(): History {
  const lines: string[] = [];
  const troubles: string[] = [];
  let turn = 0;
  const history: History = {
    reports: new Map(),
    accepted: [],
    sendings: [],
    begun: [],
    used: new Map(),
    mistakes: [],
    rows: new Map(),
    seen: new Map(),
    fact(at, text) {
      turn += 1;
      lines.push(`${at} ${text}`);
      const [kind = '', id = '', ...rest] = text.split(' ');
      if (kind === 'begun') return void history.begun.push({ at, reference: id });
      if (kind === 'used') return void history.used.set(id, history.used.get(id) ?? at);
      if (kind === 'made') return made(id, rest.join(' '));
      const known = history.reports.get(id);
      if (known !== undefined) FACTS[kind]?.(known, rest, at);
    },
    see: (report, caller) =>
      void history.seen.set(caller, [...(history.seen.get(caller) ?? []), report]),
    befell: (kind) => void troubles.push(kind),
    counts() {
      const counts = new Map<string, number>();
      for (const kind of [...troubles, ...[...history.reports.values()].map(endOf)]) {
        counts.set(kind, (counts.get(kind) ?? 0) + 1);
      }
      return counts;
    },
    note: (at, text) => void lines.push(`${at} ${text}`),
    lines,
    digest: () => hash('sha256', lines.join('\n'), 'hex').slice(0, 16),
  };

  function made(id: string, fields: string): void {
    const record = fromFields(JSON.parse(fields) as string[]);
    if (record === undefined) return;
    const nothing = { states: [], askers: new Map(), grants: [], isDisturbed: false };
    const hasTurn = record.kind === 'follow';
    const nobody = { wanted: new Set<string>(), cancelledFor: [] };
    history.reports.set(id, { record, hasTurn, ...nothing, ...nobody });
  }
  const FACTS: Record<string, (known: Known, rest: string[], at: number) => void> = {
    state(known, [from = '', to = ''], at) {
      known.states.push({ at, from, to, turn });
      if (from === 'preparing' && to === 'queued') known.hasTurn = false;
      if (to === 'cancelled') known.cancelledFor = [...known.wanted];
    },
    granted(known) {
      known.grants.push(turn);
      known.hasTurn = true;
    },
    asked(known, [client = '']) {
      known.askers.set(client, turn);
      known.wanted.add(client);
    },
    withdrawn(known, [client = '']) {
      known.isDisturbed = true;
      known.wanted.delete(client);
    },
    sending(known, rest, at) {
      const { senderReference } = JSON.parse(rest.join(' ')) as UnansweredSending;
      const report = known.record.id;
      history.sendings.push({
        at,
        reference: senderReference,
        report,
        state: known.hasTurn ? stateOf(known) : 'without its turn',
      });
    },
  };
  return history;
}
