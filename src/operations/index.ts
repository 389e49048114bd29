/** What operators see: members, the upstream verdict and metrics, fed by what really happens. */
import type { Clock } from '../lib/clock.ts';
import type { Credentials } from '../lib/credentials.ts';
import { shared } from '../lib/shared.ts';
import type { ServiceHours } from '../mks/hours.ts';
import { createUpstreamVerdicts } from './upstream-verdict.ts';
import type { Exchange, Mks } from '../mks/types.ts';
import type { CallEnd } from './calls.ts';
import type { Orders } from '../orders/index.ts';
import type { Desk } from '../reports/types.ts';
import { createMemberStates, paperState, type MemberStates } from './members.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import type { ProcessFacts } from './process-gauges.ts';
import { createUpstreamView, type UpstreamState } from './upstream.ts';

export interface Operations {
  members: MemberStates;
  /** The upstream verdict; never rejects, never asks MKS. */
  upstream(): Promise<UpstreamState>;
  metrics: Metrics;
}

export interface OperationsDeps {
  credentials: () => Credentials;
  hours: ServiceHours;
  clock: Clock;
  /** Called at need only, so they may come later than this. */
  tokenState: Mks['tokenState'];
  queue: Desk['queue'];
  orders: Orders['list'];
  /** Our serving certificate, PEM; undefined with plain HTTP. */
  tlsCertificate: ProcessFacts['tlsCertificate'];
  refusedFiles: ProcessFacts['refusedFiles'];
  dataDir: string;
  trail: ProcessFacts['trail'];
}

/** Several who scrape share one look at Redis. */
const KEPT_MS = 250;

/** @returns what routes are given, and what is to be told of calls and messages. */
export function createOperations(deps: OperationsDeps): Operations & {
  onCall: (end: CallEnd) => void;
  onExchange: (exchange: Exchange) => void;
} {
  const {
    credentials,
    hours,
    clock,
    tokenState,
    queue,
    tlsCertificate,
    refusedFiles,
    dataDir,
    trail,
  } = deps;
  const memberCodes = (): string[] => [...credentials().members.keys()];
  const verdicts = createUpstreamVerdicts({ credentials, hours, clock });
  const members = createMemberStates({
    credentials,
    mks: { tokenState },
    desk: { queue },
    clock,
  });
  const metrics = createMetrics({
    process: {
      hours,
      trustedCertificates: () => credentials().trustedCertificates,
      tlsCertificate,
      refusedFiles,
      dataDir,
      trail,
    },
    states: shared(
      KEPT_MS,
      () => clock.elapsedMs(),
      () => members.of(memberCodes()),
    ),
    orders: () => deps.orders(memberCodes()),
    papers: () =>
      [...credentials().members.values()].map((member) => paperState(member, clock.now())),
  });
  return {
    members,
    upstream: createUpstreamView({
      mks: { tokenState },
      verdicts,
      hours,
      members: memberCodes,
      clock,
    }),
    metrics,
    onCall(end) {
      metrics.onCall(end);
      verdicts.onCall(end);
    },
    onExchange(exchange) {
      metrics.onExchange(exchange);
      verdicts.onExchange(exchange);
    },
  };
}
