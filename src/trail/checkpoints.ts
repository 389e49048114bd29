/**
 * Checkpoints: the head of the chain, signed with a member's key, in the chain itself and in the log.
 * Who keeps one elsewhere can tell later that nothing before it was exchanged, nor cut from the end.
 */
import type { Logger } from 'pino';
import { toIstanbulDate, toIstanbulTimestamp } from '../lib/dates.ts';
import type { Clock } from '../lib/clock.ts';
import { canonical } from './canonical.ts';
import type { ChainKeeper } from './keeper.ts';
import type { TrailWriter } from './writer.ts';

/** For the header's `typ`. */
export const CHECKPOINT_TYPE = 'mks-trail-checkpoint+jws';

/** Undefined: nobody can sign at the moment. */
export type SignCheckpoint = (payload: Uint8Array) => Promise<SignedCheckpoint | undefined>;

export interface SignedCheckpoint {
  memberCode: string;
  certificate: { raw: Buffer };
  /** Compact JWS over the payload. */
  jws: string;
}

export interface Checkpoints {
  /** Signs the head as it is now. @throws TrailUnavailableError, or what signing fails with. */
  make(): Promise<void>;
  close(): void;
}

interface CheckpointDeps {
  keeper: ChainKeeper;
  writer: TrailWriter;
  sign: SignCheckpoint;
  /** Told of each, when it is on disk. */
  onMade?: (jws: string) => void;
  clock: Clock;
  log: Logger;
}

/** A day has ended at most so long ago when its checkpoint is made. */
const LOOK_MS = 60_000;
/** After one that could not be made. */
const RETRY_MS = 15 * 60_000;

/** Makes one each day, soon after Istanbul's midnight. */
export function createCheckpoints({
  keeper,
  writer,
  sign,
  onMade,
  clock,
  log,
}: CheckpointDeps): Checkpoints {
  let day = toIstanbulDate(clock.now());
  let triedAt = -Infinity;

  async function make(): Promise<void> {
    const current = keeper.current();
    if (current === undefined) return;
    const { chain, head } = current;
    const payload = canonical({ chain, ...head, time: toIstanbulTimestamp(clock.now()) });
    const signed = await sign(Buffer.from(payload));
    if (signed === undefined) throw new Error('no member can sign');
    const { memberCode, certificate, jws } = signed;
    await writer.append({
      action: 'checkpoint',
      member: memberCode,
      certificate: certificate.raw.toString('base64'),
      jws,
    });
    log.info({ chain, ...head, checkpoint: jws }, 'a checkpoint of the access trail');
    onMade?.(jws);
  }

  async function look(): Promise<void> {
    const today = toIstanbulDate(clock.now());
    if (today === day || clock.elapsedMs() - triedAt < RETRY_MS) return;
    triedAt = clock.elapsedMs();
    try {
      await make();
      day = today;
      triedAt = -Infinity;
    } catch (error) {
      log.warn({ err: error }, 'the checkpoint of the access trail could not be made yet');
    }
  }
  const looking = setInterval(() => void look(), LOOK_MS).unref();
  return { make, close: () => clearInterval(looking) };
}
