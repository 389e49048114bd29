/** The upstream verdict with its evidence, for an operator who has one look. */
import { defined } from '../lib/defined.ts';
import { shared } from '../lib/shared.ts';
import { within } from '../lib/within.ts';
import type { Clock } from '../lib/clock.ts';
import { hoursOf, type ServiceHours } from '../mks/hours.ts';
import { balanceReport } from '../mks/services/catalogue.ts';
import type { UpstreamVerdict, UpstreamVerdicts, Verdict } from './upstream-verdict.ts';
import type { Mks, TokenState } from '../mks/types.ts';

export interface UpstreamState {
  /** The gravest of the members' verdicts. */
  verdict: Verdict;
  /** Wall ms. */
  checkedAt: number;
  members: MemberUpstream[];
  hours: { open: boolean; opensAt?: number; closesAt?: number };
}

export interface MemberUpstream extends UpstreamVerdict {
  member: string;
  /** Absent when Redis could not tell. */
  token?: TokenState;
}

const LIMIT_MS = 1_000;
const KEPT_MS = 250;

const GRAVEST_FIRST: readonly Verdict[] = [
  'ours',
  'network',
  'signature',
  'address-not-registered',
  'login',
  'mkk-down',
  'closed',
  'ok',
  'unknown',
];

/** @returns asks Redis alone, never MKS, four times a second at most, each for a second at most. */
export function createUpstreamView(deps: {
  mks: Pick<Mks, 'tokenState'>;
  verdicts: Pick<UpstreamVerdicts, 'of'>;
  hours: ServiceHours;
  members: () => readonly string[];
  clock: Clock;
}): () => Promise<UpstreamState> {
  const { mks, verdicts, hours, members, clock } = deps;
  async function memberState(member: string): Promise<MemberUpstream> {
    const token = await within(LIMIT_MS, mks.tokenState(member)).catch(() => undefined);
    return { member, ...verdicts.of(member, token), ...defined({ token }) };
  }
  return shared(
    KEPT_MS,
    () => clock.elapsedMs(),
    async () => {
      const states = await Promise.all(members().toSorted().map(memberState));
      const told = new Set(states.map(({ verdict }) => verdict));
      const now = clock.now();
      const opensAt = hoursOf(balanceReport, hours).opensAt(now);
      const closesAt = hoursOf(balanceReport, hours).closesAt(now);
      return {
        verdict: GRAVEST_FIRST.find((verdict) => told.has(verdict)) ?? 'unknown',
        checkedAt: now,
        members: states,
        hours: {
          open: hoursOf(balanceReport, hours).isOpen(now),
          ...defined({ opensAt, closesAt }),
        },
      };
    },
  );
}
