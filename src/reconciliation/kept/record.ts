/** What is kept of a check beside its breaks. */
import type { Filters } from '../../reports/types.ts';
import type { CheckCounts } from '../check.ts';

export interface KeptCounts extends CheckCounts {
  /** Breaks that the check before did not have. */
  new: number;
  /** Those of the check before that are gone. */
  closed: number;
}

/** MKS's answer that took the report and gave it its refId. */
export interface Acceptance {
  code: string;
  senderReference: string;
  messageId?: string;
  /** As it was signed, if the journal still had it. */
  answer?: string;
}

export interface KeptCheck {
  id: string;
  /** Wall ms. */
  createdAt: number;
  /** Who asked for it. */
  client: string;
  member: string;
  /** `YYYYMMDD`. */
  processDate: string;
  filters: Filters;
  /** What the caller calls the ledger. */
  ledger: string;
  tolerance?: string;
  /** Name of the profile by which the ledger was read. */
  profile?: string;
  lineCount: number;
  ignoredColumns: string[];
  /** Fields of the position by which both sides were compared. */
  compared: string[];
  /** Of the ledger as it was received, hex. */
  ledgerSha256: string;
  /** Of the rows as NDJSON, hex: those of `GET /balances/{id}/rows?format=ndjson`. */
  rowsSha256: string;
  rowCount: number;
  /** Of the breaks as NDJSON, hex. */
  breaksSha256: string;
  report: string;
  refId?: string;
  mks?: Acceptance;
  counts: KeptCounts;
}
