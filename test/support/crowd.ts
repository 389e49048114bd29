/**
 * A crowd asks several replicas for reports of several members: how many of a member's MKS was asked to make at once.
 *
 * MKS is played in two ways: by one that takes a report while another is being made, for only that one can tell that
 * it was asked too early; and by one that answers RP003, as MKS does, because another system of the member's asks beside us.
 */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cleanup } from './cleanup.ts';
import type { Sandbox } from '../../sandbox/index.ts';
import { balanceFields, login, PATHS } from '../sandbox/support.ts';
import { temporaryFolder } from './folder.ts';
import { spawnGateway } from './gateway.ts';
import { client, environmentOf, reportOf, startTestSandbox } from './pair.ts';
import { createRandom, type Random } from './random.ts';
import { startTcpRedis } from './tcp-redis.ts';

export interface CrowdSize {
  seed: number;
  replicas: number;
  members: number;
  requests: number;
  /** What MKS does with a member's report while another is being made. */
  overlaps: 'accepted' | 'refused';
}

export interface CrowdResult {
  /** Reports that MKS made for us: many requests join one that is there. */
  reports: number;
  overlapsAccepted: number;
  /** How often we were answered RP003. */
  busy: number;
  /** What did not end as ready. */
  failed: string[];
}

const NOBODY = { stop: async () => ({ accepted: 0, refused: 0 }) };
const CALLERS = 60;
const DAYS = 60;
const PREPARE_SECONDS = 0.15;
/** Of a member's requests so many join nothing. */
const REFRESH_SHARE = 0.2;
/** So many are our callers' own messages, which need the member's turn as well. */
const OWN_SHARE = 0.03;

export async function askAsCrowd(t: Cleanup, size: CrowdSize): Promise<CrowdResult> {
  const random = createRandom(size.seed);
  const codes = Array.from({ length: size.members }, (_, n) => `M${String(n).padStart(2, '0')}`);
  const sandbox = await startTestSandbox(t, {
    members: codes.map((memberCode) => ({ memberCode, userCode: `${memberCode}991` })),
    prepareSeconds: PREPARE_SECONDS,
    acceptsOverlaps: size.overlaps === 'accepted',
    shape: { rows: 5 },
  });
  const redis = await startTcpRedis(t);
  const replicas = await Promise.all(
    Array.from({ length: size.replicas }, async () => {
      const own = { REDIS_URL: redis.url, DATA_DIR: await temporaryFolder() };
      return spawnGateway(t, { ...environmentOf(sandbox), ...own });
    }),
  );
  const urls = replicas.map(({ url }) => url);
  const beside = size.overlaps === 'refused' ? startOutsiders(sandbox, codes) : NOBODY;
  const failed: string[] = [];
  let left = size.requests;
  const caller = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      failed.push(...(await askOnce(random.pick(urls), random.pick(codes), random)));
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  const outsiders = await beside.stop();
  const counts = Object.values(sandbox.stats.members);
  const sum = (of: (member: (typeof counts)[number]) => number): number =>
    counts.reduce((total, member) => total + of(member), 0);
  return {
    reports: sum(({ reportsAccepted }) => reportsAccepted) - outsiders.accepted,
    overlapsAccepted: sum(({ overlapsAccepted }) => overlapsAccepted),
    busy: sum(({ overlapsRefused }) => overlapsRefused) - outsiders.refused,
    failed,
  };
}

/** One request to its end. @returns what is wrong with that. */
async function askOnce(url: string, member: string, random: Random): Promise<string[]> {
  const { ask, get } = client(url);
  const monday = Date.UTC(2026, 1, 23) - random.below(DAYS) * 7 * 86_400_000;
  const processDate = new Date(monday).toISOString().slice(0, 10).replaceAll('-', '');
  if (random.chance(OWN_SHARE)) return askOwn(url, member, processDate);
  const body = { member, processDate, refresh: random.chance(REFRESH_SHARE) };
  const asked = await ask(body, { prefer: 'respond-async' });
  const { id } = await reportOf(asked, asked.status);
  for (;;) {
    const { state } = await reportOf(await get(`/balances/${id}`, { prefer: 'wait=60' }), 200);
    if (state === 'ready') return [];
    if (state !== 'queued' && state !== 'preparing') return [`${member} ${processDate}: ${state}`];
  }
}

/** By the pass-through: it is told at once when the member's turn is another's, or that MKS is busy. */
async function askOwn(url: string, member: string, processDate: string): Promise<string[]> {
  const response = await fetch(`${url}/mks/v1/reports/account/balance-report?member=${member}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ processDate, fileType: 'json', zipPassword: 'Abcdefg12' }),
  });
  const text = await response.text();
  return [200, 409, 422].includes(response.status) ? [] : [`own: ${response.status} ${text}`];
}

/** Another system of each second member's: asks MKS for reports now and then, without us. */
function startOutsiders(sandbox: Sandbox, codes: readonly string[]) {
  const stopping = new AbortController();
  const counts = { accepted: 0, refused: 0 };
  const work = codes
    .filter((_, n) => n % 2 === 0)
    .map(async (member) => {
      const outsider = await login(sandbox, member);
      while (!stopping.signal.aborted) {
        const { code } = await outsider.call(PATHS.balances, balanceFields());
        assert.ok(code === '0000' || code === 'RP003', String(code));
        counts[code === '0000' ? 'accepted' : 'refused'] += 1;
        await sleep(code === '0000' ? 500 : 20);
      }
    });
  return {
    async stop(): Promise<typeof counts> {
      stopping.abort();
      await Promise.all(work);
      return counts;
    },
  };
}
