/** Gauges that are set anew at each scrape, so that a member that is gone leaves none behind. */
import { Gauge, type Registry } from '@prometheus-io/client';
import type { OrderState } from '../orders/index.ts';
import type { MemberState } from './members.ts';

const PREFIX = 'mks_gateway_';
const ORDER_STATES = ['missing', 'waiting', 'ready', 'failed'] as const;

function memberGauge(registry: Registry, name: string, help: string): Gauge<'member'> {
  return new Gauge({
    name: `${PREFIX}${name}`,
    help,
    labelNames: ['member'],
    registers: [registry],
  });
}

export function createRedisGauge(registry: Registry): (isUp: boolean) => void {
  const gauge = new Gauge({
    name: `${PREFIX}redis_up`,
    help: 'Whether Redis answered this scrape within a second',
    registers: [registry],
  });
  return (isUp) => gauge.set(isUp ? 1 : 0);
}

type Paper = Pick<MemberState, 'member' | 'fault' | 'certificate' | 'password'>;

/** Certificates and passwords: known from the files, whether or not Redis answers. */
export function createPaperGauges(registry: Registry): (papers: readonly Paper[]) => void {
  const certificate = memberGauge(
    registry,
    'certificate_expiry_timestamp_seconds',
    "When the member's signing certificate in use ends",
  );
  const password = memberGauge(
    registry,
    'password_expiry_timestamp_seconds',
    "When the member's password ends, 365 days after it was changed",
  );
  const shutOff = memberGauge(
    registry,
    'member_shut_off',
    'Whether the member cannot sign: its key or its certificate cannot be used',
  );
  return (papers) => {
    shutOff.reset();
    certificate.reset();
    password.reset();
    for (const { member, ...paper } of papers) {
      shutOff.set({ member }, paper.fault === undefined ? 0 : 1);
      if (paper.certificate !== undefined) {
        certificate.set({ member }, paper.certificate.notAfter / 1000);
      }
      if (paper.password !== undefined) password.set({ member }, paper.password.expiresAt / 1000);
    }
  };
}

/** What Redis knows of standing orders: shared by all replicas too. */
export function createOrderGauges(registry: Registry): (states: readonly OrderState[]) => void {
  const of = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Gauge({ name: `${PREFIX}standing_order_${name}`, help, labelNames, registers: [registry] });
  const dates = of('dates', "An order's dates since catchUpDays, by their state", [
    'order',
    'state',
  ]);
  const late = of('late_dates', 'Those that are not ready although they are late', ['order']);
  const notices = of('oldest_notice_timestamp_seconds', 'Since when a notice waits', ['order']);
  return (states) => {
    for (const gauge of [dates, late, notices]) gauge.reset();
    for (const { order, dates: found } of states) {
      const label = { order: order.name };
      for (const state of ORDER_STATES) dates.set({ ...label, state }, 0);
      for (const { state } of found) dates.inc({ ...label, state });
      late.set(label, found.filter(({ state, isLate }) => state !== 'ready' && isLate).length);
      const waiting = found
        .flatMap((date) => date.notices)
        .filter(({ state }) => state === 'waiting')
        .map(({ createdAt }) => createdAt);
      if (waiting.length > 0) notices.set(label, Math.min(...waiting) / 1000);
    }
  };
}

/** What Redis knows of each member: shared by all replicas, so the greatest of them is the truth. */
export function createMemberGauges(registry: Registry): (states: readonly MemberState[]) => void {
  const of = (name: string, help: string) => memberGauge(registry, name, help);
  const gauges = {
    queued: of('reports_queued', 'Reports that wait for their turn'),
    oldest: of('reports_oldest_queued_timestamp_seconds', 'When the oldest of them was asked for'),
    preparing: of('reports_preparing', 'Reports that MKS has or that are being fetched'),
    slot: of('slot_taken_timestamp_seconds', "Since when the member's slot at MKS is taken"),
    paused: of('member_paused', 'Whether operators have paused the member'),
    loginPaused: of('login_paused', 'Whether logging in pauses because MKK refused it'),
    token: of('token_expiry_timestamp_seconds', 'When the token in use ends'),
    reason: of(
      'token_reason_present',
      'Whether MKK gave a reason with the token, see GET /members',
    ),
  };
  return (states) => {
    for (const gauge of Object.values(gauges)) gauge.reset();
    for (const { member, queue, token } of states) {
      const label = { member };
      gauges.queued.set(label, queue.length);
      gauges.preparing.set(label, queue.preparing);
      gauges.paused.set(label, queue.paused ? 1 : 0);
      gauges.loginPaused.set(label, token.refusedUntil === undefined ? 0 : 1);
      gauges.reason.set(label, token.reason === undefined ? 0 : 1);
      if (queue.oldestAt !== undefined) gauges.oldest.set(label, queue.oldestAt / 1000);
      if (queue.slot !== undefined) gauges.slot.set(label, queue.slot.since / 1000);
      if (token.expiresAt !== undefined) gauges.token.set(label, token.expiresAt / 1000);
    }
  };
}
