/** Whether this process can serve: each check by name, with its result and its age. */
import { randomUUID } from 'node:crypto';
import { rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { shared } from '../lib/shared.ts';
import { within } from '../lib/within.ts';
import type { Clock } from '../lib/clock.ts';
import { signingFault, type Credentials } from '../lib/credentials.ts';
import { shutOffText } from '../lib/signing-faults.ts';
import type { Trail } from '../trail/index.ts';
import type { Keys } from '../state/keys.ts';
import { stateful } from '../state/connection.ts';

export interface CheckResult {
  ok: boolean;
  /** For operators; never a secret. */
  detail?: string;
}

export interface HealthCheck extends CheckResult {
  /** Wall ms. */
  checkedAt: number;
}

export type Check = () => Promise<CheckResult>;

const LIMIT_MS = 1_000;
/** Whoever asks more often than this gets the last result, with its age. */
const KEPT_MS = 250;
/** Less than this and the next report may not fit. */
const LEAST_FREE_BYTES = 64 * 1024 * 1024;

/**
 * @param checks each by name.
 * @returns runs them side by side, each for a second at most; never rejects.
 */
export function createHealth(
  checks: Readonly<Record<string, Check>>,
  clock: Clock,
): () => Promise<Record<string, HealthCheck>> {
  const runners = Object.entries(checks).map(([name, check]) => {
    const run = async (): Promise<HealthCheck> => {
      const result = await within(LIMIT_MS, check()).catch((error: unknown) => ({
        ok: false,
        detail: error instanceof Error ? error.message : 'failed',
      }));
      return { ...result, checkedAt: clock.now() };
    };
    return { name, run: shared(KEPT_MS, () => clock.elapsedMs(), run) };
  });
  return async () =>
    Object.fromEntries(
      await Promise.all(runners.map(async ({ name, run }) => [name, await run()] as const)),
    );
}

/** Redis takes writes: a full or read-only one answers a PING as if all were well. */
export function redisCheck(redis: Redis, keys: Keys): Check {
  return async () => {
    await stateful(redis.set(keys.healthProbe, '', 'PX', 1));
    return { ok: true };
  };
}

/** The spool's folder can be written to, and there is room. */
export function spoolCheck(folder: string): Check {
  return async () => {
    const probe = join(folder, `.probe-${randomUUID()}`);
    try {
      await writeFile(probe, 'probe', { mode: 0o600 });
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'failed';
      return { ok: false, detail: `the spool cannot be written to: ${code}` };
    } finally {
      await rm(probe, { force: true }).catch(() => undefined);
    }
    const { bavail, bsize } = await statfs(folder);
    const freeBytes = bavail * bsize;
    const detail = `${Math.floor(freeBytes / 1024 / 1024)} MiB free`;
    return { ok: freeBytes >= LEAST_FREE_BYTES, detail };
  };
}

/** Acts can be written down; where they cannot, nothing leaves. */
export function trailCheck(trail: Pick<Trail, 'look'>): Check {
  return async () => {
    await trail.look();
    return { ok: true };
  };
}

/**
 * At least one member can sign; those that are shut off are named, each with its reason.
 * @param refused why changed files are not in force. That is no reason to stop serving with those
 *   that are; the log says what is wrong with them.
 */
export function membersCheck(
  credentials: () => Credentials,
  refused: () => readonly string[],
  clock: Clock,
): Check {
  return async () => {
    const now = clock.now();
    const members = [...credentials().members.values()];
    const shutOff = members.flatMap((member) => {
      const fault = signingFault(member, now);
      return fault === undefined ? [] : [shutOffText(member.memberCode, fault).en];
    });
    const able = members.length - shutOff.length;
    const remarks = [
      `${able} of ${members.length} can sign`,
      ...shutOff,
      ...(refused().length > 0 ? ['changed files are refused, see the log'] : []),
    ];
    return { ok: able > 0, detail: remarks.join('; ') };
  };
}
