/** Several gateway processes that need a token at the same moment, and how often they log in. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cleanup } from './cleanup.ts';
import type { LogEntry, Sandbox } from '../../sandbox/index.ts';
import { createRedis, ready } from '../../src/state/connection.ts';
import { spawnGateway } from './gateway.ts';
import { environmentOf, startTestSandbox } from './pair.ts';
import { startTcpRedis } from './tcp-redis.ts';
import type { TestRedis } from './redis.ts';
import { until } from './until.ts';

export interface Logins {
  /** With no token at all; after it was revoked; with little of its life left. */
  cold: number;
  revoked: number;
  renewed: number;
  /** Calls that the old token served while the login for the new one was under way. */
  servedByOld: number;
  /** Calls that got no answer of MKS's. */
  failed: string[];
}

/** A login takes so long, so that everybody comes while it is under way. */
const LOGIN_MS = 1_000;
const SLOW_LOGIN_MS = 4_000;
/** Less than the five minutes before its end at which a token is renewed ahead. */
const LITTLE_LIFE_MS = 200_000;
const TOKEN_KEY = 'mks:token:TIB';
const PATIENCE_MS = 60_000;
const REDIS_LATE_MS = 200;

export async function logInTogether(
  t: Cleanup,
  { processes, callers }: { processes: number; callers: number },
): Promise<Logins> {
  const redis = await startTcpRedis(t);
  const sandbox = await startTestSandbox(t);
  const environment = {
    ...environmentOf(sandbox),
    REDIS_URL: redis.url,
    // A crowd on a busy machine is not what a deadline of some seconds is for.
    MKS_REQUEST_TIMEOUT_SECONDS: '60',
  };
  const gateways = await Promise.all(
    Array.from({ length: processes }, () => spawnGateway(t, environment)),
  );
  const told: Logins = { cold: 0, revoked: 0, renewed: 0, servedByOld: 0, failed: [] };
  const crowd = async (): Promise<number> => {
    const before = loginsOf(sandbox);
    const urls = gateways.flatMap(({ url }) => Array.from({ length: callers }, () => url));
    const faults = await Promise.all(urls.map(call));
    told.failed.push(...faults.filter((fault) => fault !== undefined));
    return loginsOf(sandbox) - before;
  };

  sandbox.faults.arm({ name: 'delay', service: 'auth', ms: LOGIN_MS });
  told.cold = await crowd();
  sandbox.revokeTokens();
  sandbox.faults.arm({ name: 'delay', service: 'auth', ms: LOGIN_MS });
  told.revoked = await crowd();
  await age(redis);
  const seen = sandbox.log.length;
  sandbox.faults.arm({ name: 'delay', service: 'auth', ms: SLOW_LOGIN_MS });
  const before = loginsOf(sandbox);
  await crowd();
  // It goes on behind everybody's back.
  await until(() => loginsOf(sandbox) > before, PATIENCE_MS);
  told.renewed = loginsOf(sandbox) - before;
  told.servedByOld = served(sandbox.log.slice(seen));
  return told;
}

const loginsOf = ({ stats }: Sandbox): number => stats.members['TIB']?.logins ?? 0;

/**
 * Calls as a patient caller does: where Redis is late, on a busy machine, nothing was sent, and it calls again.
 * @returns what was answered that is not MKS's word.
 */
async function call(url: string): Promise<string | undefined> {
  for (;;) {
    const answer = await fetch(`${url}/mks/v1/reports/async-report-status`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"refId":"e7M7RhX2xUzR3uAjsb2s"}',
    });
    const text = await answer.text();
    if (text.includes('"responseCode"')) return undefined;
    if (!text.includes('/problems/state-unavailable'))
      return `${answer.status} ${text.slice(0, 300)}`;
    await sleep(REDIS_LATE_MS);
  }
}

async function age({ url }: TestRedis): Promise<void> {
  const redis = createRedis(url, 'commands');
  try {
    await ready(redis, PATIENCE_MS);
    await redis.pexpire(TOKEN_KEY, LITTLE_LIFE_MS);
  } finally {
    redis.disconnect();
  }
}

/** Calls with the token that served before. */
function served(log: readonly LogEntry[]): number {
  const old = log.find(({ tokenId }) => tokenId !== undefined)?.tokenId;
  return log.filter(({ tokenId }) => tokenId === old).length;
}
