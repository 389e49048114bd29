/** Tells the log when a member can no longer sign, and when it can again: files change, time goes on. */
import type { Logger } from 'pino';
import type { Clock } from '../lib/clock.ts';
import { signingFault, type Credentials } from '../lib/credentials.ts';
import { shutOffText } from '../lib/signing-faults.ts';

export interface ShutOffs {
  /** Looks at once; to be called when credentials have changed. */
  look(): void;
  close(): void;
}

/** A certificate ends, and a next one takes over, without an event. */
const LOOK_MS = 5_000;

/** @param onMended called when time alone has made a member able to sign. */
export function watchShutOffs(deps: {
  credentials: () => Credentials;
  clock: Clock;
  log: Logger;
  onMended: () => unknown;
}): ShutOffs {
  const { credentials, clock, log } = deps;
  const faultsNow = () =>
    new Map(
      [...credentials().members.values()].map(
        (member) => [member.memberCode, signingFault(member, clock.now())] as const,
      ),
    );
  // What is so at the start has been told with the configuration.
  let known = faultsNow();

  /** @returns whether a member can sign again. */
  function look(): boolean {
    const found = faultsNow();
    const before = known;
    known = found;
    let isMended = false;
    for (const [member, fault] of found) {
      if (fault === before.get(member)) continue;
      if (fault !== undefined) {
        log.error({ member, fault }, `${shutOffText(member, fault).en}; it is shut off`);
      } else if (before.has(member)) {
        isMended = true;
        log.info({ member }, 'the member can sign again');
      }
    }
    return isMended;
  }
  const timer = setInterval(() => look() && deps.onMended(), LOOK_MS).unref();
  return { look: () => void look(), close: () => clearInterval(timer) };
}
