/**
 * The gateway's metrics in a registry of its own, for Prometheus.
 *
 * Counters are of this process; gauges about members are read from Redis at the scrape, for a second
 * at most, and are left out when Redis does not answer. No label bears anything that a caller or an
 * unsigned answer could choose freely.
 */
import { collectDefaultMetrics, Counter, Histogram, Registry } from '@prometheus-io/client';
import { within } from '../lib/within.ts';
import { findResultCode, isSuccessCode, isTokenRefusalCode } from '../mks/codes.ts';
import type { Exchange } from '../mks/types.ts';
import type { CallEnd } from './calls.ts';
import type { ReportEnd } from '../reports/told-ends.ts';
import { REMARKS } from '../rows/remarks.ts';
import {
  createMemberGauges,
  createOrderGauges,
  createPaperGauges,
  createRedisGauge,
} from './gauges.ts';
import type { OrderState } from '../orders/index.ts';
import type { MksErrorCode } from '../mks/errors.ts';
import { auth, catalogue } from '../mks/services/catalogue.ts';
import { createProcessGauges, type ProcessFacts } from './process-gauges.ts';
import type { MemberState } from './members.ts';

export interface HttpAnswer {
  method: string;
  /** The route's pattern, never the path. */
  route: string;
  status: number;
  durationMs: number;
}

export interface Metrics {
  onHttp: (answer: HttpAnswer) => void;
  onExchange: (exchange: Exchange) => void;
  onCall: (end: CallEnd) => void;
  onReference: (memberCode: string) => void;
  onReportEnd: (end: ReportEnd) => void;
  contentType: string;
  /** The metrics in Prometheus's text format; within a good second whether Redis answers or not. */
  text(): Promise<string>;
}

export interface MetricsDeps {
  process: ProcessFacts;
  /** @throws when Redis cannot be reached. */
  states: () => Promise<MemberState[]>;
  /** @throws when Redis cannot be reached. */
  orders: () => Promise<OrderState[]>;
  /** What needs no Redis. */
  papers: () => Pick<MemberState, 'member' | 'fault' | 'certificate' | 'password'>[];
}

const PROBLEMS: readonly MksErrorCode[] = [
  'outside-service-hours',
  'state-unavailable',
  'conflict',
  'mks-unreachable',
  'mks-unknown-outcome',
  'mks-untrusted-response',
  'mks-error',
  'mks-login-refused',
];
/** How finely the event loop's delay is sampled: each sample wakes an idle process. */
const LOOP_PRECISION_MS = 50;
/** How often the event loop's utilization is looked at: each look is worked into a digest. */
const LOOP_USE_MS = 1_000;
const OUTCOMES: readonly Exchange['outcome'][] = ['answered', 'not-sent', 'refused', 'unknown'];
const END_STATES: readonly ReportEnd['state'][] = ['ready', 'failed', 'cancelled', 'expired'];
const LIMIT_MS = 1_000;
const PREFIX = 'mks_gateway_';
/** A caller may wait two minutes; a report may take hours. */
const HTTP_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];
const MKS_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900];
const REPORT_SECONDS = [1, 5, 15, 30, 60, 120, 300, 900, 3_600, 14_400, 43_200];

export function createMetrics({ states, orders, papers, process }: MetricsDeps): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({
    register: registry,
    eventLoopMonitoringPrecision: LOOP_PRECISION_MS,
    eventLoopUtilizationTimeout: LOOP_USE_MS,
  });
  const counters = createCounters(registry);
  const redisUp = createRedisGauge(registry);
  const memberGauges = createMemberGauges(registry);
  const orderGauges = createOrderGauges(registry);
  const paperGauges = createPaperGauges(registry);
  const processGauges = createProcessGauges(registry, process);

  return {
    onHttp({ method, route, status, durationMs }) {
      counters.httpRequests.inc({ method, route, status: String(status) });
      counters.httpSeconds.observe({ method, route }, durationMs / 1000);
    },
    onExchange({ service, memberCode, outcome, code, durationMs }) {
      counters.messages.inc({ service, outcome, code: codeLabel(code) });
      counters.messageSeconds.observe({ service }, durationMs / 1000);
      if (outcome === 'unknown') counters.inDoubt.inc({ service, member: memberCode });
      if (service === auth.name) counters.logins.inc({ member: memberCode, outcome });
    },
    onCall({ service, error }) {
      if (error !== undefined) counters.callFailures.inc({ service, problem: error.code });
    },
    onReference: (member) => counters.references.inc({ member }),
    onReportEnd({ member, state, durationMs, remarks = [] }) {
      counters.reports.inc({ member, state });
      for (const { remark, count } of remarks) counters.remarks.inc({ remark }, count);
      counters.reportSeconds.observe({ state }, durationMs / 1000);
    },
    contentType: registry.contentType,
    async text() {
      const known = papers();
      paperGauges(known);
      startAtZero(
        counters,
        known.map(({ member }) => member),
      );
      await processGauges();
      const found = await within(LIMIT_MS, states()).catch(() => undefined);
      redisUp(found !== undefined);
      memberGauges(found ?? []);
      // Without Redis there is no second wait for it.
      const standing = found && (await within(LIMIT_MS, orders()).catch(() => undefined));
      orderGauges(standing ?? []);
      return registry.metrics();
    },
  };
}

function createCounters(registry: Registry) {
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Counter({ name: `${PREFIX}${name}`, help, labelNames, registers });
  const histogram = <Label extends string>(
    name: string,
    help: string,
    labelNames: Label[],
    buckets: number[],
  ) => new Histogram({ name: `${PREFIX}${name}`, help, labelNames, buckets, registers });
  return {
    httpRequests: counter('http_requests_total', 'Requests answered', [
      'method',
      'route',
      'status',
    ]),
    httpSeconds: histogram(
      'http_request_duration_seconds',
      'From the request to the end of its answer, waiting for MKS included',
      ['method', 'route'],
      HTTP_SECONDS,
    ),
    messages: counter('mks_messages_total', 'Messages that left for MKS, logins included', [
      'service',
      'outcome',
      'code',
    ]),
    messageSeconds: histogram(
      'mks_message_duration_seconds',
      'From the sending of a message to the end of its answer',
      ['service'],
      MKS_SECONDS,
    ),
    inDoubt: counter(
      'mks_messages_in_doubt_total',
      'Messages that left and of which nobody can say what became',
      ['service', 'member'],
    ),
    logins: counter('mks_logins_total', 'Logins at MKS', ['member', 'outcome']),
    callFailures: counter(
      'mks_call_failures_total',
      'Calls of MKS that ended without an answer that can be used, by problem',
      ['service', 'problem'],
    ),
    references: counter('references_issued_total', 'References issued', ['member']),
    reports: counter('reports_ended_total', 'Reports that ended, by end state', [
      'member',
      'state',
    ]),
    remarks: counter(
      'report_remarks_total',
      'Rows, by what they say that was not asked for or leave out',
      ['remark'],
    ),
    reportSeconds: histogram(
      'report_duration_seconds',
      'From the ask for a report to its end',
      ['state'],
      REPORT_SECONDS,
    ),
  };
}

/**
 * Failures that have not happened stand at 0: Prometheus sees no increase from nothing to 1, and
 * the first one is the one to be told of.
 */
function startAtZero(
  { callFailures, inDoubt, logins, remarks, reports }: ReturnType<typeof createCounters>,
  members: readonly string[],
): void {
  for (const service of [auth.name, ...catalogue.map(({ name }) => name)]) {
    for (const problem of PROBLEMS) callFailures.inc({ service, problem }, 0);
    for (const member of members) inDoubt.inc({ service, member }, 0);
  }
  for (const remark of REMARKS) remarks.inc({ remark }, 0);
  for (const member of members) {
    for (const outcome of OUTCOMES) logins.inc({ member, outcome }, 0);
    for (const state of END_STATES) reports.inc({ member, state }, 0);
  }
}

/** An unsigned answer may hold anything as its code; only known ones become labels. */
function codeLabel(code: string | undefined): string {
  if (code === undefined) return 'none';
  if (isSuccessCode(code) || findResultCode(code) !== undefined) return code;
  return isTokenRefusalCode(code) ? '0x00d3' : 'other';
}
