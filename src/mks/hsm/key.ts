/** One key in an HSM: its signer, what it is known to suffer from, and the tries to have it back. */
import { randomBytes, verify, type KeyObject } from 'node:crypto';
import type { Logger } from 'pino';
import type { Signer } from '../../lib/credentials.ts';
import { hsmFault, hsmTroubleText } from '../../lib/hsm-troubles.ts';
import { SigningError, type HsmKey, type HsmTrouble } from '../../lib/hsm.ts';
import { HsmError } from './messages.ts';
import type { HsmProcess } from './process.ts';

export interface KeyInHsm {
  signer: Signer;
  /** Undefined: it signs. */
  trouble(): HsmTrouble | undefined;
  /** Whether it has ever signed here. */
  isProven(): boolean;
  /** Whether it is known yet what becomes of it. */
  hasLooked(): boolean;
  /** Settles after the first look, whatever it found. */
  looked: Promise<void>;
  close(): void;
}

export interface KeyDeps {
  key: HsmKey;
  publicKey: KeyObject;
  /** The process of its token; a new one if the last has ended. */
  connect(): HsmProcess;
  /** Its process is no good any more. */
  drop(process: HsmProcess): void;
  onNews(): void;
  log: Logger;
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;
const GROWTH = 1.5;
const PROBE_BYTES = 32;

export function createKey(deps: KeyDeps): KeyInHsm {
  const { key, publicKey, log } = deps;
  const place = { tokenLabel: key.tokenLabel, keyLabel: key.keyLabel };
  const state = { isProven: false, hasLooked: false, isClosed: false };
  const signing = createSigning(deps, () => state.isClosed);
  let trouble: HsmTrouble | undefined;
  let pauseMs = FIRST_PAUSE_MS;
  let timer: NodeJS.Timeout | undefined;

  function lose(found: HsmTrouble): void {
    const isNews = trouble?.reason !== found.reason;
    trouble = found;
    if (state.isClosed) return;
    if (isNews) {
      const { en } = hsmTroubleText(found);
      log.error({ ...place, reason: found.reason }, `a key in an HSM does not sign: ${en}`);
      deps.onNews();
    }
    if (timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      void look();
    }, pauseMs).unref();
    pauseMs = Math.min(pauseMs * GROWTH, LONGEST_PAUSE_MS);
  }

  async function look(): Promise<void> {
    const failure = await signing.once(randomBytes(PROBE_BYTES)).then(() => undefined, troubleOf);
    // Before anybody is told that there is news.
    state.hasLooked = true;
    if (failure !== undefined) return lose(failure);
    if (state.isClosed) return;
    const isNews = trouble !== undefined || !state.isProven;
    trouble = undefined;
    state.isProven = true;
    pauseMs = FIRST_PAUSE_MS;
    if (!isNews) return;
    log.info(place, 'a key in an HSM signs');
    deps.onNews();
  }

  async function sign(bytes: Uint8Array): Promise<Uint8Array> {
    if (trouble !== undefined) throw new SigningError(hsmFault(trouble), new HsmError(trouble));
    try {
      return await signing.persistently(bytes);
    } catch (error) {
      const found = troubleOf(error);
      lose(found);
      throw new SigningError(hsmFault(found), error);
    }
  }

  return {
    signer: { kind: 'hsm', publicKey, sign, fault: () => trouble && hsmFault(trouble) },
    trouble: () => trouble,
    isProven: () => state.isProven,
    hasLooked: () => state.hasLooked,
    looked: look(),
    close() {
      state.isClosed = true;
      clearTimeout(timer);
    },
  };
}

/** Ways to sign; both throw HsmError. */
interface Signing {
  once(bytes: Uint8Array): Promise<Uint8Array>;
  /** Once more by a new process: the HSM may have been away and be back. To sign twice does no harm. */
  persistently(bytes: Uint8Array): Promise<Uint8Array>;
}

/** Nothing that the HSM signs is passed on unverified: a fault in RSA would give the key away. */
function createSigning(deps: KeyDeps, isClosed: () => boolean): Signing {
  async function once(bytes: Uint8Array): Promise<Uint8Array> {
    if (isClosed()) throw new HsmError({ reason: 'unreachable', detail: 'closed' });
    const process = deps.connect();
    let signature: Uint8Array;
    try {
      signature = await process.sign(deps.key.keyLabel, bytes);
    } catch (error) {
      if (isAway(error)) deps.drop(process);
      throw error;
    }
    if (verify('sha256', bytes, deps.publicKey, signature)) return signature;
    throw new HsmError({ reason: 'other-key' });
  }
  return {
    once,
    persistently: (bytes) =>
      once(bytes).catch((error: unknown) => {
        if (isAway(error)) return once(bytes);
        throw error;
      }),
  };
}

function isAway(error: unknown): boolean {
  return troubleOf(error).reason === 'unreachable';
}

function troubleOf(error: unknown): HsmTrouble {
  return error instanceof HsmError ? error.trouble : { reason: 'unreachable' };
}
