/** A desk in memory, for tests of the HTTP edge alone: the edge knows the interface, not the desk. */
import { EventEmitter, once } from 'node:events';
import { CursorError } from '../../src/lib/page.ts';
import type {
  Desk,
  FileSource,
  Report,
  ReportAsk,
  RowSource,
  Wanted,
} from '../../src/reports/types.ts';

export interface MemoryDesk extends Desk {
  /** What was asked, in order. */
  asks: ReportAsk[];
  withdrawals: string[];
  /** What `request` answers with instead of a new queued report. */
  answerWith(result: Awaited<ReturnType<Desk['request']>>): void;
  /** The state that new reports start in. */
  startAs(change: Partial<Report>): void;
  put(report: Partial<Report> & { id: string }): Report;
  change(id: string, change: Partial<Report>): void;
  rows: RowSource;
  file: FileSource;
  /** Who waits at the moment. */
  waiting(): number;
}

export const ROW_TEXT =
  '{"balanceDate":"20250505","mbrId":"TIB","mbrAccNo":"1001","subAccCode":"SERB","secClassCode":"HS","mic":"XIST","isin":"TRAGARAN91N1","addDefCode":"Ek; \\"tanım\\"","balanceAmount":"-1250.10"}\n' +
  '{"balanceDate":"20250505","mbrId":"TIB","mbrAccNo":"=1+1","subAccCode":"","secClassCode":"HS","mic":"","isin":"TRAGARAN91N1","addDefCode":"a,b\\nc","balanceAmount":"12345678901234567.123"}\n';

/** A source of the given NDJSON, in pieces of whole lines; what they throw passes through. */
export function rowsOf(pieces: Iterable<string>, rowCount: number): RowSource {
  const read = async function* () {
    for (const piece of pieces) yield Buffer.from(piece);
  };
  return { rowCount, bytes: read, lines: read };
}

export function createMemoryDesk(): MemoryDesk {
  const reports = new Map<string, Report>();
  const events = new EventEmitter();
  events.setMaxListeners(0);
  const asks: ReportAsk[] = [];
  const withdrawals: string[] = [];
  let answer: Awaited<ReturnType<Desk['request']>> | undefined;
  let start: Partial<Report> = {};
  let waiters = 0;

  const put = (given: Partial<Report> & { id: string }): Report => {
    const now = Date.UTC(2025, 4, 6, 7, 15);
    const report: Report = {
      member: 'TIB',
      processDate: '20250505',
      filters: {},
      state: 'queued',
      version: 1,
      createdAt: now,
      updatedAt: now,
      expiresAt: now + 86_400_000,
      files: [],
      ...given,
    };
    reports.set(report.id, report);
    events.emit('change');
    return report;
  };
  const desk: MemoryDesk = {
    asks,
    withdrawals,
    rows: rowsOf([ROW_TEXT], 2),
    file: {
      name: 'rapor.csv',
      type: 'csv',
      close: async () => undefined,
      async *stream() {
        yield Buffer.from('HESAP\r\n');
      },
    },
    answerWith: (result) => {
      answer = result;
    },
    startAs: (change) => {
      start = change;
    },
    put,
    change(id, change) {
      const report = reports.get(id);
      if (report !== undefined) put({ ...report, version: report.version + 1, ...change });
    },
    waiting: () => waiters,
    async request(ask) {
      asks.push(ask);
      if (answer !== undefined) return answer;
      const { member, processDate, filters } = ask;
      const id = `r${asks.length}`;
      return { kind: 'report', report: put({ id, member, processDate, filters, ...start }) };
    },
    get: async (id) => reports.get(id),
    async list({ members, state, limit, cursor }) {
      if (cursor === 'bad') throw new CursorError();
      const fitting = [...reports.values()].filter(
        (report) =>
          members.includes(report.member) && (state === undefined || report.state === state),
      );
      const from = Number(cursor ?? 0);
      const items = fitting.slice(from, from + limit);
      return from + limit < fitting.length
        ? { items, nextCursor: String(from + limit) }
        : { items };
    },
    async waitForEnd(id, timeoutMs, signal) {
      waiters += 1;
      const over = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      while (!hasEnded(reports.get(id)) && !over.aborted) {
        await once(events, 'change', { signal: over }).catch(() => undefined);
      }
      waiters -= 1;
      return reports.get(id);
    },
    async *follow(id, signal) {
      for (;;) {
        const report = reports.get(id);
        if (report === undefined) return;
        yield report;
        if (hasEnded(report)) return;
        await once(events, 'change', { signal });
      }
    },
    async withdraw(id, client) {
      withdrawals.push(`${client} ${id}`);
      return reports.get(id)?.state === 'queued' ? 'withdrawn' : 'sent';
    },
    openRows: async () => desk.rows,
    openFile: async () => desk.file,
    rowFiles: async () => ({ rowCount: 0, files: [] }),
    findReady: async (wanted) => [...reports.values()].find((report) => isReady(report, wanted)),
    queue: async () => ({ length: 0, preparing: 0, paused: false }),
    pause: async () => undefined,
    wake: async () => undefined,
    resume: async () => undefined,
    close: async () => undefined,
  };
  return desk;
}

function hasEnded(report: Report | undefined): boolean {
  return report?.state !== 'queued' && report?.state !== 'preparing';
}

function isReady(report: Report, { member, processDate }: Wanted): boolean {
  const { state } = report;
  return state === 'ready' && report.member === member && report.processDate === processDate;
}
