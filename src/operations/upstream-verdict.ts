/**
 * Whose trouble it is: a verdict on the way to MKS, from what the last real calls ended in.
 *
 * It says nothing to MKS itself. The last call decides, beside what is known without one: whether
 * MKS is open now, whether logging in is paused and what MKK said with the token.
 */
import { defined } from '../lib/defined.ts';
import { canSign, type Credentials } from '../lib/credentials.ts';
import type { Clock } from '../lib/clock.ts';
import { findResultCode, isSignatureCode, isTokenRefusalCode } from '../mks/codes.ts';
import type { MksError, MksErrorCode } from '../mks/errors.ts';
import { hoursOf, type ServiceHours } from '../mks/hours.ts';
import { auth, balanceReport } from '../mks/services/catalogue.ts';
import type { Exchange, TokenState } from '../mks/types.ts';
import type { CallEnd } from './calls.ts';

export type Verdict =
  | 'ok'
  /** Nothing has been said to MKS yet. */
  | 'unknown'
  | 'closed'
  /** A failure on our side: Redis, our certificate, our own address. */
  | 'ours'
  /** No connection, or none that TLS trusts. */
  | 'network'
  /** MKK refuses, and says with the token that the user has no address registered (TU14). */
  | 'address-not-registered'
  | 'login'
  /** MKK does not accept our signature, or theirs does not hold. */
  | 'signature'
  /** A connection stood, but no answer came, or a technical failure. */
  | 'mkk-down';

/** One call that the verdict rests on. */
export interface Observation {
  /** Wall ms. */
  time: number;
  service: string;
  verdict: Verdict;
  /** Slug of the problem catalogue; absent for an answer. */
  problem?: string;
  code?: string;
  httpStatus?: number;
  detail?: string;
}

export interface UpstreamVerdict {
  verdict: Verdict;
  lastAnswer?: Observation;
  lastFailure?: Observation;
  /** Since the last answer. */
  failuresInARow: number;
  /** Wall ms of the first of them. */
  failingSince?: number;
}

interface LastCalls {
  lastAnswer?: Observation;
  lastFailure?: Observation;
  failuresInARow: number;
  failingSince?: number;
}

export interface UpstreamVerdicts {
  onCall(end: CallEnd): void;
  /** Logins in the background are no part of a call; the journal's lines tell of them. */
  onExchange(exchange: Exchange): void;
  /** @param token undefined when Redis could not tell. */
  of(memberCode: string, token: TokenState | undefined): UpstreamVerdict;
}

/** Local causes of a connection that does not come about. */
const OUR_FAULTS = new Set(['EADDRNOTAVAIL', 'EACCES', 'EPERM', 'EMFILE', 'ENFILE']);
/** Failures of a message that never left, for a reason that is no outage. */
const SAYS_NOTHING = new Set<MksErrorCode>(['outside-service-hours', 'conflict']);

export function createUpstreamVerdicts(deps: {
  credentials: () => Credentials;
  hours: ServiceHours;
  clock: Clock;
}): UpstreamVerdicts {
  const { credentials, hours, clock } = deps;
  const records = new Map<string, LastCalls>();

  function note(memberCode: string, observation: Observation): void {
    const record = records.get(memberCode) ?? { failuresInARow: 0 };
    records.set(memberCode, record);
    if (observation.verdict === 'ok') {
      record.lastAnswer = observation;
      record.failuresInARow = 0;
      delete record.failingSince;
      return;
    }
    record.lastFailure = observation;
    record.failuresInARow += 1;
    record.failingSince ??= observation.time;
  }

  function verdictOf(
    memberCode: string,
    record: LastCalls,
    token: TokenState | undefined,
  ): Verdict {
    const member = credentials().members.get(memberCode);
    const now = clock.now();
    if (token === undefined || member === undefined || !canSign(member, now)) return 'ours';
    if (token.refusedUntil !== undefined) return 'login';
    if (!hoursOf(balanceReport, hours).isOpen(now)) return 'closed';
    if (record.failuresInARow === 0) {
      return record.lastAnswer === undefined ? 'unknown' : 'ok';
    }
    const verdict = record.lastFailure?.verdict ?? 'unknown';
    // MKS's own successful answers bear a reason too: it says something beside a refusal alone.
    return verdict === 'login' && token.reason !== undefined ? 'address-not-registered' : verdict;
  }

  return {
    onCall({ time, memberCode, service, code, error }) {
      if (error !== undefined && SAYS_NOTHING.has(error.code)) return;
      const isAnswer = error === undefined || isMksSpeaking(error);
      const facts = isAnswer ? { verdict: 'ok' as const } : describe(error);
      note(memberCode, { time, service, ...defined({ code }), ...facts });
    },
    onExchange({ time, memberCode, service, outcome, code, httpStatus }) {
      // An answered login is not yet an answer of MKS to a message.
      if (service !== auth.name || outcome === 'answered') return;
      note(memberCode, {
        time,
        service,
        verdict: outcome === 'refused' && isRefusedLogin(code, httpStatus) ? 'login' : 'mkk-down',
        ...defined({ code, httpStatus }),
      });
    },
    of(memberCode, token) {
      const record = records.get(memberCode) ?? { failuresInARow: 0 };
      return { verdict: verdictOf(memberCode, record, token), ...record };
    },
  };
}

/** An unsigned failure with a code of MKS itself, such as "still waiting": it is up and answers. */
function isMksSpeaking({ code, details }: MksError): boolean {
  const { kind } = findResultCode(details.mksCode ?? '') ?? {};
  return code === 'mks-error' && kind !== undefined && !['upstream', 'system'].includes(kind);
}

function describe(error: MksError): Omit<Observation, 'time' | 'service'> {
  const { mksCode, httpStatus } = error.details;
  const systemCode = systemCodeOf(error);
  return {
    verdict: verdictOfError(error, systemCode),
    problem: error.code,
    detail: systemCode === undefined ? error.message : `${error.message} (${systemCode})`,
    ...defined({ code: mksCode, httpStatus }),
  };
}

function verdictOfError(error: MksError, systemCode: string | undefined): Verdict {
  const { mksCode } = error.details;
  if (mksCode !== undefined && isSignatureCode(mksCode)) return 'signature';
  if (error.details.tokenRefused === true) return 'login';
  switch (error.code) {
    case 'outside-service-hours':
      return 'closed';
    case 'conflict':
    case 'state-unavailable':
      return 'ours';
    case 'mks-unreachable':
      return systemCode !== undefined && OUR_FAULTS.has(systemCode) ? 'ours' : 'network';
    case 'mks-untrusted-response':
      return 'signature';
    case 'mks-login-refused':
      return 'login';
    case 'mks-unknown-outcome':
    case 'mks-error':
      return 'mkk-down';
  }
}

/** The first code of the operating system or of TLS among the causes, e.g. `ECONNREFUSED`. */
function systemCodeOf(error: Error): string | undefined {
  let cause: unknown = error.cause;
  for (let depth = 0; depth < 5 && cause instanceof Error; depth += 1) {
    if ('code' in cause && typeof cause.code === 'string' && /^[A-Z_0-9]+$/.test(cause.code)) {
      return cause.code;
    }
    cause = cause.cause;
  }
  return undefined;
}

function isRefusedLogin(code: string | undefined, httpStatus: number | undefined): boolean {
  if (httpStatus === 401 || httpStatus === 403) return true;
  return code !== undefined && (isTokenRefusalCode(code) || code.startsWith('RP'));
}
