/**
 * Whether the sealing keys are those that sealed what is there, by a few things of each kind and member.
 * What no key opens breaks nothing (reports expire, a login replaces the token), so nobody would notice
 * that a line of the file was lost or spoilt until it cannot be found any more.
 */
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { Localised } from '../lib/localised.ts';
import { sampleJournal } from '../journal/index.ts';
import { sampleTokens } from '../mks/index.ts';
import { sampleChecks } from '../reconciliation/index.ts';
import { sampleReports } from '../reports/secrets.ts';
import type { Keys } from '../state/keys.ts';
import type { Sampler } from '../state/samples.ts';
import { SealError, type Sealer } from '../state/sealing.ts';

export interface SealingFault {
  keyId: string;
  /** `missing`: no line has this id. `other`: the line of this id has another key. */
  fault: 'missing' | 'other';
  /** How many of the things that were looked at it has sealed. */
  found: number;
}

interface SealingDeps {
  redis: Redis;
  keys: Keys;
  /** Absolute. */
  dataDir: string;
  sealer: Sealer;
  members: () => readonly string[];
}

const SAMPLERS: readonly Sampler[] = [sampleTokens, sampleReports, sampleJournal, sampleChecks];

/**
 * Opens what it picks.
 * @returns what is wrong with the keys by their ids; one thing that was altered is no fault of its key's.
 * @throws StateUnavailableError, errors of the file system.
 */
export async function findSealingFaults({
  redis,
  keys,
  dataDir,
  sealer,
  members,
}: SealingDeps): Promise<SealingFault[]> {
  const seen = new Map<string, { found: number; opened: number; isMissing: boolean }>();
  for (const memberCode of members()) {
    for (const sample of SAMPLERS) {
      for (const { purpose, sealed } of await sample({ redis, keys, dataDir }, memberCode)) {
        const [, keyId = ''] = sealed.split('.');
        const of = seen.get(keyId) ?? { found: 0, opened: 0, isMissing: false };
        seen.set(keyId, of);
        of.found += 1;
        const fault = faultOf(sealer, memberCode, purpose, sealed);
        if (fault === undefined) of.opened += 1;
        of.isMissing ||= fault === 'missing';
      }
    }
  }
  return [...seen].flatMap(([keyId, { found, opened, isMissing }]) =>
    opened > 0 ? [] : [{ keyId, fault: isMissing ? ('missing' as const) : 'other', found }],
  );
}

function faultOf(sealer: Sealer, memberCode: string, purpose: string, sealed: string) {
  try {
    sealer.open(memberCode, purpose, sealed);
    return undefined;
  } catch (error) {
    if (error instanceof SealError) return error.fault;
    throw error;
  }
}

/** What is the matter and what to do, in a sentence. */
export function sealingFaultText({ keyId, fault, found }: SealingFault): Localised {
  if (fault === 'missing') {
    return {
      en: `SEALING_KEYS_FILE has no line ${keyId}, which sealed what is kept (${found} of the things looked at): put it back, below the first`,
      tr: `SEALING_KEYS_FILE içinde, saklananları mühürleyen ${keyId} satırı yok (bakılanlardan ${found} tanesi): satırı ilkinin altına geri koyun`,
    };
  }
  return {
    en: `the key of line ${keyId} in SEALING_KEYS_FILE is another than the one that sealed (none of ${found} things looked at opens): put the right one back`,
    tr: `SEALING_KEYS_FILE içindeki ${keyId} satırının anahtarı mühürleyenle aynı değil (bakılan ${found} şeyden hiçbiri açılmıyor): doğrusunu geri koyun`,
  };
}

/** @returns looks, and tells the log what is wrong; never throws, and is not to be waited for. */
export function watchSealing(deps: SealingDeps & { log: Logger }): () => Promise<void> {
  const { log } = deps;
  return async () => {
    try {
      for (const found of await findSealingFaults(deps)) {
        log[found.fault === 'missing' ? 'warn' : 'error'](found, sealingFaultText(found).en);
      }
    } catch (error) {
      log.debug({ err: error }, 'the sealing keys could not be tried');
    }
  };
}
