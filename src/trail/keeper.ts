/**
 * Keeps a chain to write to. A failure ends the chain; a new one is begun at the next act or look, a
 * second later at the earliest, so that the trail heals by itself and a full disk is not hammered.
 */
import type { Logger } from 'pino';
import type { Clock } from '../lib/clock.ts';
import { within } from '../lib/within.ts';
import type { Act, OwnLine } from './act.ts';
import { beginChain, type Chain, type Identity } from './chain.ts';
import { reasonOf } from './errors.ts';
import type { Head } from './line.ts';

export interface ChainKeeper {
  /**
   * Writes these lines to the chain; of none at all it only looks whether it could.
   * @throws errors of the file system; nothing of it counts as written then.
   */
  write(contents: readonly (Act | OwnLine)[]): Promise<void>;
  /** What is being written, by its chain, head and file; undefined while there is none. */
  current(): { chain: string; head: Head; segment: string } | undefined;
  /** Whether there is a chain. */
  isWriting(): boolean;
  close(): Promise<void>;
}

export interface KeeperDeps {
  folder: string;
  identity: Identity;
  clock: Clock;
  log: Logger;
}

/** Why there is no chain. */
interface Fault {
  reason: string;
  /** Elapsed ms. */
  at: number;
}

const RETRY_MS = 1_000;
/** A disk that takes longer has hung. */
const LIMIT_MS = 5_000;

export function createChainKeeper({ folder, identity, clock, log }: KeeperDeps): ChainKeeper {
  let chain: Chain | undefined;
  let fault: Fault | undefined;
  /** Acts that were refused because they could not be written down. */
  let unrecorded = 0;

  async function begin(): Promise<Chain> {
    const reason = fault?.reason ?? 'start';
    const begun = await beginChain(folder, identity, clock, { reason, unrecorded });
    if (fault !== undefined) log.warn({ reason, unrecorded }, 'the access trail is written again');
    fault = undefined;
    unrecorded = 0;
    return begun;
  }

  function end(cause: unknown): void {
    if (fault === undefined) {
      log.error({ err: cause }, 'the access trail cannot be written: no data leaves');
    }
    fault = { reason: reasonOf(cause), at: clock.elapsedMs() };
    const ended = chain;
    chain = undefined;
    // Not awaited: where a write hangs, so does this.
    void ended?.close().catch(() => undefined);
  }

  return {
    async write(contents) {
      if (fault !== undefined && clock.elapsedMs() - fault.at < RETRY_MS) {
        unrecorded += contents.length;
        throw Object.assign(new Error('it failed a moment ago'), { code: fault.reason });
      }
      try {
        chain ??= await within(LIMIT_MS, begin());
        if (contents.length === 0) await chain.check();
        else await within(LIMIT_MS, chain.write(contents));
      } catch (error) {
        unrecorded += contents.length;
        end(error);
        throw error;
      }
    },
    current: () => chain && { chain: chain.name, head: chain.head(), segment: chain.segment() },
    isWriting: () => chain !== undefined,
    async close() {
      await chain?.close().catch(() => undefined);
      chain = undefined;
    },
  };
}
