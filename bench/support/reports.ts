/** Asks a gateway for reports, and knows when MKS had them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { API_KEY, DATE, type Stage } from './stage.ts';

const REPORT_TIMEOUT_MS = 900_000;
/** Where no key is asked for it is not looked at. */
export const AUTHORIZED = { authorization: `Bearer ${API_KEY}` };

export interface ReadyReport {
  id: string;
  refId: string;
  rowCount: number;
  /** From the first request for a file, the moment at which MKS has it, to its being ready. */
  fetchedInMs: number;
}

interface ReportDocument {
  id: string;
  state: string;
  refId: string;
  rowCount: number;
}

/** Has a new report made (it joins none), and waits until its rows can be read. @throws Error */
export async function makeReport(
  { url, sandbox }: Stage,
  member = 'TIB',
  processDate = DATE,
): Promise<ReadyReport> {
  const response = await fetch(`${url}/balances`, {
    method: 'POST',
    headers: { ...AUTHORIZED, 'content-type': 'application/json', prefer: 'respond-async' },
    body: JSON.stringify({ member, processDate, refresh: true }),
  });
  if (response.status !== 202) throw new Error(await response.text());
  const { id } = (await response.json()) as ReportDocument;
  const deadline = performance.now() + REPORT_TIMEOUT_MS;
  for (;;) {
    const waiting = await fetch(`${url}/balances/${id}`, {
      headers: { ...AUTHORIZED, prefer: 'wait=120' },
    });
    const readyAtMs = Date.now();
    const report = (await waiting.json()) as ReportDocument;
    if (report.state === 'ready') {
      const askedAtMs = await contentAskedAtMs(sandbox, report.refId);
      const { refId, rowCount } = report;
      return { id, refId, rowCount, fetchedInMs: readyAtMs - askedAtMs };
    }
    if (!['queued', 'preparing'].includes(report.state) || performance.now() > deadline) {
      throw new Error(`the report did not become ready: ${JSON.stringify(report)}`);
    }
    await sleep(10);
  }
}

/** When a report's file was first asked for, by the sandbox's log and so by this machine's clock. */
export async function contentAskedAtMs(sandbox: Stage['sandbox'], refId?: string): Promise<number> {
  const entries = (await sandbox.log()).filter(
    ({ path, payload }) =>
      path.endsWith('/async-report-content') && (refId === undefined || payload?.refId === refId),
  );
  // A file that was asked for twice counts from the first time; without a refId the last report counts.
  const last = entries.at(-1)?.payload?.refId;
  const entry = entries.find(({ payload }) => payload?.refId === last);
  if (entry === undefined) throw new Error('the file was never asked for');
  return Date.parse(entry.time);
}
