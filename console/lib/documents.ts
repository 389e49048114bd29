/** What the gateway answers, as far as the console reads it (`/openapi.json` has the whole). */

export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  requestId?: string;
  errors?: { path: string; message: string }[];
  mks?: { code: string; description?: string; senderReference?: string; messageId?: string };
  hint?: string;
  retryable?: boolean;
  senderReference?: string;
  outcome?: 'not-sent' | 'refused' | 'unknown';
  opensAt?: string;
}

export type ReportState = 'queued' | 'preparing' | 'ready' | 'failed' | 'cancelled' | 'expired';

export type WaitingFor =
  | 'turn'
  | 'outside-service-hours'
  | 'mks-busy'
  | 'mks-unreachable'
  | 'mks-error'
  | 'mks-login-refused'
  | 'mks-unknown-outcome'
  | 'member-paused';

export const FILTER_NAMES = [
  'accNo',
  'subAccNo',
  'isin',
  'secClass',
  'secType',
  'accClass',
  'portfolioCode',
] as const;

export type Filters = Partial<Record<(typeof FILTER_NAMES)[number], string>>;

export interface Report {
  id: string;
  member: string;
  processDate: string;
  filters: Filters;
  state: ReportState;
  createdAt: string;
  updatedAt: string;
  startsAt?: string;
  readyAt?: string;
  expiresAt: string;
  refId?: string;
  rowCount?: number;
  queue?: { position: number };
  waiting?: { for: WaitingFor; since: string; retryAt?: string; detail?: string };
  estimate?: { readyAt: string };
  remarks?: { remark: string; detail: string; count: number }[];
  mks?: { code: string; description?: string; senderReference?: string; messageId?: string };
  problem?: Problem;
}

/** One page of a list. */
export interface Page<Item> {
  items: Item[];
  nextCursor?: string;
}

export const ROW_FIELDS = [
  'balanceDate',
  'mbrId',
  'mbrAccNo',
  'subAccCode',
  'secClassCode',
  'mic',
  'isin',
  'addDefCode',
  'balanceAmount',
] as const;

export type RowField = (typeof ROW_FIELDS)[number];
export type Row = Record<RowField, string>;

export type TextField = Exclude<RowField, 'balanceAmount'>;
export const TEXT_FIELDS = ROW_FIELDS.filter((field) => field !== 'balanceAmount') as TextField[];

export interface Member {
  member: string;
  paused: boolean;
  canSign: boolean;
  shutOff?: { reason: string; detail: string };
  token: { expiresAt?: string; reason?: string; loginPausedUntil?: string };
  certificate?: { notAfter: string; daysLeft: number };
  next?: { validFrom: string };
  password?: { expiresAt: string; daysLeft: number };
  queue: { length: number; preparing: number; slot?: { holder: string; since: string } };
}
