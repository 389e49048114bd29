/**
 * The files of the configuration, followed while the gateway runs.
 *
 * What changes is read and checked as at start and then takes effect as a whole or not at all: the
 * credentials (members, their keys and MKK's certificates), the API clients, the TLS identity. A
 * mistake in one of the three does not keep the others from changing, so that a stolen API key can
 * be shut out although some certificate has expired; nor does one in a member's own files (password,
 * key, certificate) keep the other members from changing.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import type { Configuration } from '../config.ts';
import type { CheckProfile } from '../lib/check-profile.ts';
import type { Clock } from '../lib/clock.ts';
import type { Credentials, Signer } from '../lib/credentials.ts';
import { NO_HSMS, type Hsms } from '../lib/hsm.ts';
import type { SealingSecret } from '../state/sealing.ts';
import type { ApiClient } from './clients.ts';
import type { Warning } from './findings.ts';
import { followPaths } from './follow.ts';
import {
  type InForce,
  LIVE_PARTS,
  type LivePart,
  pathsOf,
  type Readings,
  readParts,
} from './live-parts.ts';
import { isSameCredentials } from './same-credentials.ts';
import type { StandingOrder } from './orders.ts';
import type { TlsIdentity } from './tls.ts';

export type { LivePart };

export interface LiveFiles {
  /** What is in force now; another object once it has changed. */
  credentials: () => Credentials;
  /** Undefined: no API key is asked. */
  clients: () => readonly ApiClient[] | undefined;
  /** Undefined: plain HTTP. */
  tls: () => TlsIdentity | undefined;
  sealingKeys: () => readonly SealingSecret[];
  orders: () => readonly StandingOrder[];
  checkProfiles: () => readonly CheckProfile[];
  /** The mistakes that keep files as they lie on the disk from taking effect; never a secret. */
  refused: () => readonly string[];
  /** Calls back after each change that took effect. */
  onChange(listener: (part: LivePart) => unknown): void;
  close(): void;
}

/** Mistakes count when they last: whoever writes several files may take this long over it. */
const PATIENCE_MS = 1_500;

/**
 * Follows the files that the configuration was read from.
 * @param configuration what is in force at first.
 * @param hsms where keys lie that are in no file.
 */
export function followFiles(
  configuration: Configuration,
  clock: Clock,
  log: Logger,
  hsms: Hsms = NO_HSMS,
): LiveFiles {
  const { config } = configuration;
  const state = createState(partsOf(configuration));
  const refusals = createRefusals(log);
  const listeners = new Set<(part: LivePart) => unknown>();
  let patience: NodeJS.Timeout | undefined;
  const lookAgain = (): void => {
    clearTimeout(patience);
    look(false);
  };
  const files = followPaths(lookAgain);

  /** @returns the parts that changed and what is wrong; nothing while somebody is writing. */
  function update(): Update | undefined {
    let readings = readParts(config, clock, state.inForce, hsms);
    // What was not followed while it was read is read again, so that no change falls in between.
    if (files.follow(pathsOf(readings))) readings = readParts(config, clock, state.inForce, hsms);
    if (!files.isAtRest()) return undefined;
    const taken = state.take(readings);
    hsms.keep(signersOf(state.inForce.credentials));
    return taken;
  }

  /** @param isLasting whether mistakes are told: they are not of a moment. */
  function look(isLasting: boolean): void {
    try {
      const result = update();
      if (result === undefined) return;
      const { changed, mistakes, warnings } = result;
      for (const part of changed) log.info({ part }, 'changed files are in force');
      for (const { shutsOff, en } of warnings) {
        if (shutsOff === undefined) log.warn(en);
        else log.error({ member: shutsOff }, en);
      }
      for (const part of changed) for (const listener of listeners) listener(part);
      if (mistakes.length === 0 || isLasting) refusals.tell(mistakes);
      else patience = setTimeout(look, PATIENCE_MS, true).unref();
    } catch (error) {
      log.error({ err: error }, 'changed files could not be taken over');
    }
  }

  // Something may have changed since the configuration was read: then that counts, from the start.
  const { mistakes = [] } = update() ?? {};
  if (mistakes.length > 0) refusals.tell(mistakes);
  let isClosed = false;
  // What an HSM says of a key is read as if it stood in the file.
  hsms.onNews(() => isClosed || lookAgain());
  return {
    credentials: () => state.inForce.credentials,
    clients: () => state.inForce.clients,
    tls: () => state.inForce.tls,
    sealingKeys: () => state.inForce.sealing,
    orders: () => state.inForce.orders,
    checkProfiles: () => state.inForce.profiles,
    refused: () => refusals.now(),
    onChange: (listener) => void listeners.add(listener),
    close() {
      isClosed = true;
      clearTimeout(patience);
      files.close();
    },
  };
}

function partsOf(configuration: Configuration): InForce {
  const { config, credentials, clients, sealingKeys, orders, checkProfiles } = configuration;
  const { tls } = config;
  return { credentials, clients, tls, sealing: sealingKeys, orders, profiles: checkProfiles };
}

function signersOf({ members }: Credentials): Signer[] {
  return [...members.values()].flatMap(({ identity, next }) =>
    [identity.signer, next?.signer].filter((signer) => signer !== undefined),
  );
}

/** What a look at the files has led to. */
interface Update {
  changed: LivePart[];
  /** English, each once. */
  mistakes: string[];
  warnings: Warning[];
}

/** What is in force. */
function createState(inForce: InForce) {
  function takePart<Part extends LivePart>(part: Part, reading: Readings[Part]): boolean {
    const value = reading?.value as InForce[Part] | undefined;
    if (value === undefined || isSame[part](inForce[part], value)) return false;
    inForce[part] = value;
    return true;
  }

  return {
    inForce: inForce as Readonly<InForce>,
    /** Puts into force what is good and other than before. */
    take(readings: Readings): Update {
      const changed = LIVE_PARTS.filter((part) => takePart(part, readings[part]));
      const findings = LIVE_PARTS.flatMap((part) => readings[part]?.findings ?? []);
      const told = findings.flatMap(({ mistakes, refused }) => [...refused, ...mistakes]);
      return {
        changed,
        mistakes: [...new Set(told.map(({ en }) => en))],
        warnings: changed.flatMap((part) => readings[part]?.findings.warnings ?? []),
      };
    },
  };
}

/** The mistakes that stand, each change of them told in the log once. */
function createRefusals(log: Logger) {
  let refused: readonly string[] = [];
  return {
    now: () => refused,
    tell(mistakes: readonly string[]): void {
      const isNews = mistakes.join('\n') !== refused.join('\n');
      refused = mistakes;
      if (!isNews) return;
      if (mistakes.length === 0) log.info('the files are good again');
      else log.error({ mistakes }, 'changed files are refused: what was in force stays');
    },
  };
}

/** Whether what was read anew is what is in force: files are touched without a change. */
const isSame: { [Part in LivePart]: (one: InForce[Part], other: InForce[Part]) => boolean } = {
  credentials: isSameCredentials,
  clients: isDeepStrictEqual,
  tls: isDeepStrictEqual,
  sealing: isDeepStrictEqual,
  orders: isDeepStrictEqual,
  profiles: isDeepStrictEqual,
};
