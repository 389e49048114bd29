/** Spoils a share of what MKS answers, as evenly as the messages come. */
import type { FaultName, Sandbox } from '../../../sandbox/index.ts';
import type { Random } from '../random.ts';

/** What passes by itself: none of them may be the end of a report or of a gateway. */
const FAULTS: readonly FaultName[] = [
  ...(['reset-before', 'reset-after', 'reset-midway', 'no-answer', 'drip', 'delay'] as const),
  ...(['html-500', 'xml-fault', 'empty-body', 'connection-close', 'too-many-requests'] as const),
  ...(['code', 'unsigned-failure', 'tampered-payload', 'truncated-archive'] as const),
  ...(['unauthorized', 'token-revoked'] as const),
];
const LOOK_MS = 50;

export interface Spoiling {
  /** How often each has been armed. */
  armed: ReadonlyMap<FaultName, number>;
  stop(): void;
}

/** @param share of the messages, from 0 to 1. */
export function startSpoiling(sandbox: Sandbox, random: Random, share: number): Spoiling {
  const armed = new Map<FaultName, number>();
  let count = 0;
  const timer = setInterval(() => {
    for (; count < sandbox.stats.messages * share; count += 1) {
      const name = random.pick(FAULTS);
      sandbox.faults.arm({ name, skip: random.below(3), ms: 300, bytesPerSecond: 2_000 });
      armed.set(name, (armed.get(name) ?? 0) + 1);
    }
  }, LOOK_MS);
  return {
    armed,
    stop() {
      clearInterval(timer);
      sandbox.faults.clear();
    },
  };
}
