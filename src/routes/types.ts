/** What the routes are given: interfaces of the layers below, and the app's own type. */
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { Logger } from 'pino';
import type { ApiClient } from '../config/clients.ts';
import type { Config, TlsIdentity } from '../config.ts';
import type { CheckProfile } from '../lib/check-profile.ts';
import type { Clock } from '../lib/clock.ts';
import type { ResultCode } from '../mks/codes.ts';
import type { ServiceHours } from '../mks/hours.ts';
import type { Journal } from '../journal/index.ts';
import type { ServiceFacts } from '../mks/services/catalogue.ts';
import type { HealthCheck } from '../operations/health.ts';
import type { Operations } from '../operations/index.ts';
import type { CountRequest } from '../plugins/rate-limit.ts';
import type { PassThrough } from '../reports/pass-through.ts';
import type { Changes } from '../reconciliation/changes.ts';
import type { Checks } from '../reconciliation/checks.ts';
import type { Orders } from '../orders/index.ts';
import type { Readers } from '../reports/readers.ts';
import type { Desk } from '../reports/types.ts';
import type { Trail } from '../trail/index.ts';

export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

declare module 'fastify' {
  interface FastifyRequest {
    /** Null on the routes that need no key. */
    caller: Caller | null;
  }
  interface FastifyContextConfig {
    /** Needs no API key. */
    public?: boolean;
  }
}

/** The part of the configuration that the HTTP edge reads. */
export type EdgeConfig = Pick<
  Config,
  'balancesWaitMs' | 'rateLimitPerMinute' | 'requestTimeoutMs' | 'operationsPort'
> & { tls?: TlsIdentity };

/** Who is calling: an API client, or `local` when no key is asked. */
export type Caller = Omit<ApiClient, 'keyDigests'>;

export type { HealthCheck } from '../operations/health.ts';

export interface EdgeDeps {
  desk: Desk;
  /** Rows and files of ready reports. */
  readers: Readers;
  /** What is asked for day by day. */
  orders: Pick<Orders, 'list' | 'find' | 'run' | 'notices'>;
  /** What changed between two of them. */
  changes: Changes;
  /** A caller's ledger against one of them, and such checks as are kept. */
  checks: Checks;
  /** How ledgers are read that are not as MKS writes. Read anew for each request. */
  checkProfiles: () => readonly CheckProfile[];
  /** Signed calls on a caller's behalf. */
  passThrough: PassThrough;
  /** Who did what; nothing leaves before it stands there. */
  trail: Pick<Trail, 'record' | 'ready' | 'list'>;
  /** What was said to MKS. */
  exchanges: Pick<Journal, 'list'>;
  hours: ServiceHours;
  /** All services but the login. */
  services: readonly ServiceFacts[];
  resultCodes: readonly ResultCode[];
  /** Undefined: no key is asked. Read anew for each request. */
  clients: () => readonly ApiClient[] | undefined;
  /** The member codes that are configured now. */
  members: () => readonly string[];
  clock: Clock;
  log: Logger;
  /** Each check by name. */
  health: () => Promise<Readonly<Record<string, HealthCheck>>>;
  operations: Operations;
  /** Where requests are counted for all replicas; in this process when there is none. */
  countRequest?: CountRequest;
  /** Aborted when the process begins to close: whoever waits gets an answer at once. */
  shutdown: AbortSignal;
}
