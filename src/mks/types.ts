/** The shapes that the egress adapter takes and gives. */
import type { Outcome } from './errors.ts';
import type { JsonObject, MksAnswer } from './message.ts';
import type { Service } from './services/service.ts';

export type { JsonObject, MksAnswer, MksArchive, MksMessage } from './message.ts';

export interface MksRequest {
  memberCode: string;
  /** A name in the service catalogue, e.g. `reports/account/balance-report`. */
  service: string;
  /** The service's request without `requestHeader`. */
  body: JsonObject;
  /** Send under this reference of ours again (rule 1); else a new one is issued. */
  senderReference?: string;
  /** Awaited after the reference is recorded and before the first byte leaves; a throw stops it. */
  beforeSend?: (sending: Sending) => Promise<void>;
  /** The API client on whose behalf the call is made, for the journal. */
  client?: string;
  signal?: AbortSignal;
}

export interface Sending {
  senderReference: string;
  /** Wall ms: after this the sending is over, whatever became of it. */
  deadline: number;
}

/** One line of the journal: what was said to MKS and what became of it. */
export interface Exchange {
  /** Wall ms of the sending. */
  time: number;
  memberCode: string;
  client?: string;
  service: string;
  /** The report that the message asked about, if it named one. */
  refId?: string;
  senderReference: string;
  messageId?: string;
  httpStatus?: number;
  code?: string;
  durationMs: number;
  outcome: 'answered' | Outcome;
  /** SHA-256 of the signed request as sent, hex. */
  requestDigest: string;
  /** MKK's signed answer as received, if one came. */
  answer?: string;
}

/** The state of a member's token, for operators; never the token. */
export interface TokenState {
  expiresAt?: number;
  reason?: string;
  refusedUntil?: number;
}

export type Ask = <Answer>(
  service: Service<Answer>,
  request: Omit<MksRequest, 'service'>,
) => Promise<Answer>;

export interface Mks {
  /**
   * Sends one message and gives MKS's verified answer: `0000` or a business code.
   * @throws MksError for everything that is not such an answer.
   */
  call(request: MksRequest): Promise<MksAnswer>;
  /**
   * The same, with the answer read into one of the service's kinds.
   * @throws as `call` does.
   */
  ask: Ask;
  tokenState(memberCode: string): Promise<TokenState>;
  /**
   * Logs in if the member has no token, even in the pause after a refused login: for a person who
   * wants to know, not for a program that repeats itself.
   * @throws MksError, StateUnavailableError.
   */
  ensureToken(memberCode: string): Promise<void>;
  close(): Promise<void>;
}
